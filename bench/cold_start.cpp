// Compares an executor's cold starts with the bare Engine calls for the same image, in turn, and prints a
// table row of each: `cold_start PORT KEY IMAGE SOURCE NETWORK FOLDER`.

#include "docker/http_engine.hpp"
#include "net/http_client.hpp"
#include "net/io_threads.hpp"
#include "net/port_probe.hpp"
#include "tests/support/http_client.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <future>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

using namespace opr;
using namespace std::chrono_literals;

constexpr int rounds = 15;
constexpr int at_once = 10;
constexpr const char* start_line =
    "cp /tmp/code.tar.gz /mnt/code/code.tar.gz && nohup helpers/start.sh \"bash helpers/server.sh\"";

struct bench {
  uint16_t port;
  std::string key;
  std::string image;
  std::string source;
  std::string network;
  std::string folder;
  net::io_threads io{};
  std::unique_ptr<net::http_client> client = net::make_http_client(io);
  std::unique_ptr<docker::engine> engine =
      docker::make_http_engine(*client, *docker::parse_docker_host("unix:///var/run/docker.sock"));
};

/// Waits for the outcome of an asynchronous call.
template <class T, class F>
T outcome(F begin) {
  auto promise = std::make_shared<std::promise<result<T>>>();
  begin([promise](result<T> end) { promise->set_value(std::move(end)); });
  auto end = promise->get_future().get();
  if (!end)
    throw std::runtime_error(end.error().detail);
  return std::move(*end);
}

double milliseconds_since(time_point begun) {
  return std::chrono::duration<double, std::milli>(clock::now() - begun).count();
}

/// Create, start, inspect, listen: what nobody can do without. Folders and source are there already.
double bare_start(bench& with, const std::string& name) {
  docker::container_spec spec;
  spec.name = "opr-bench-" + name;
  spec.hostname = "opr-bench";
  spec.image = with.image;
  spec.command = {"bash", "-c", start_line};
  spec.network = with.network;
  spec.cpus = 1;
  spec.memory_mb = 512;
  auto root = with.folder + "/" + name;
  for (const auto* part : {"/src", "/builds", "/logs", "/logging"})
    std::filesystem::create_directories(root + part);
  std::filesystem::copy_file(with.source, root + "/src/code.tar.gz",
                             std::filesystem::copy_options::overwrite_existing);
  spec.mounts = {{root + "/src", "/tmp"},
                 {root + "/builds", "/mnt/code"},
                 {root + "/logs", "/mnt/logs"},
                 {root + "/logging", "/tmp/logging"}};
  auto until = clock::now() + 60s;
  auto begun = clock::now();
  auto id = outcome<std::string>([&](auto end) { with.engine->create_container(spec, until, end); });
  outcome<done>([&](auto end) { with.engine->start_container(id, until, end); });
  auto state =
      outcome<docker::container_state>([&](auto end) { with.engine->inspect_container(id, until, end); });
  outcome<done>([&](auto end) {
    net::await_port(with.io, {{}, state.ip_addresses.at(with.network), 3000}, until, end);
  });
  auto took = milliseconds_since(begun);
  outcome<done>([&](auto end) { with.engine->remove_container(id, until, end); });
  return took;
}

/// A cold execution, to the function's answer.
double executor_start(const bench& with, const std::string& name) {
  auto body = R"({"image":")" + with.image + R"(","source":")" + with.source +
              R"(","entrypoint":"index.js","timeout":60})";
  auto path = "/v1/runtimes/" + name;
  test::connection caller{"127.0.0.1", with.port};
  const header_list headers{{"authorization", "Bearer " + with.key}};
  caller.request("GET", "/v1/health");
  auto begun = clock::now();
  auto answer = caller.request("POST", path + "/executions", headers, body, 60s);
  auto took = milliseconds_since(begun);
  if (answer.status != 200)
    throw std::runtime_error(answer.body);
  caller.request("DELETE", path, headers, {}, 60s);
  return took;
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

template <class F>
double several_at_once(F start) {
  std::vector<std::future<double>> all;
  all.reserve(at_once);
  for (int i = 0; i < at_once; ++i)
    all.push_back(std::async(std::launch::async, [&start, i] { return start("many" + std::to_string(i)); }));
  double last = 0;
  for (auto& one : all)
    last = std::max(last, one.get());
  return last;
}

void run(bench& with) {
  std::vector<double> bare;
  std::vector<double> cold;
  for (int i = 0; i < rounds; ++i) {
    bare.push_back(bare_start(with, "one"));
    cold.push_back(executor_start(with, "one"));
  }
  std::vector<double> bare_many;
  std::vector<double> cold_many;
  for (int i = 0; i < 3; ++i) {
    bare_many.push_back(several_at_once([&](const std::string& name) { return bare_start(with, name); }));
    cold_many.push_back(several_at_once([&](const std::string& name) { return executor_start(with, name); }));
  }
  std::printf("| cold start, median of %d | bare Engine calls %.0f ms | executor %.0f ms | added %.1f ms |\n",
              rounds, median(bare), median(cold), median(cold) - median(bare));
  std::printf("| %d at once, the last one, median of 3 | bare Engine calls %.0f ms | executor %.0f ms | "
              "ratio %.2f |\n",
              at_once, median(bare_many), median(cold_many), median(cold_many) / median(bare_many));
}

} // namespace

int main(int argc, char** argv) {
  if (argc != 7) {
    std::fprintf(stderr, "usage: cold_start PORT KEY IMAGE SOURCE NETWORK FOLDER\n");
    return 2;
  }
  try {
    bench with{static_cast<uint16_t>(std::atoi(argv[1])), argv[2], argv[3], argv[4], argv[5], argv[6]};
    run(with);
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "cold_start: %s\n", error.what());
    return 1;
  }
}
