// s3_cold_start [swift]: how long a start waits for its source before the Engine is asked for the container,
// by an executor whose archives lie in a bucket: in turn without a source, with one that is in the cache, by
// another executor that needn't ask whether it has changed, and with one that isn't. Prints the row of a
// table in README.md. It needs an Engine and the demo images.

#include "tests/e2e/executor_under_test.hpp"
#include "tests/support/s3_server.hpp"

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <numeric>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace opr;
using namespace opr::test;

constexpr int rounds = 31;

struct bench {
  explicit bench(s3_kind kind) : server(kind) {
    run("head -c 5M /dev/urandom > " + archive);
    run("head -c 1M /dev/urandom > " + small_archive);
    store(archive, "cached");
    store(small_archive, "small");
  }

  s3_server server;
  executor_under_test executor{settings()};
  executor_under_test trusting{settings() + "source_cache_max_age: 3600\n"};
  std::string archive = executor.storage() + "/made";
  std::string small_archive = executor.storage() + "/made-small";

  std::string settings() const { return "log_level: trace\nconnection_storage: " + server.dsn() + "\n"; }

  static void run(const std::string& command) {
    if (auto said = output_of(command + " 2>&1 || echo failed"); !said.empty())
      throw std::runtime_error(command + ": " + said);
  }

  void store(const std::string& file, const std::string& name) const {
    run("curl --silent --show-error --fail --aws-sigv4 aws:amz:us-east-1:s3 --output /dev/null --header "
        "'x-amz-content-sha256: UNSIGNED-PAYLOAD' --upload-file " +
        file + " " + server.url() + "/bucket/" + name);
  }

  /// Starts a runtime and removes it.
  /// @param source Its name in the bucket; empty: none. @returns Milliseconds that it was in preparation.
  static double start(const executor_under_test& executor, const std::string& source) {
    object what;
    what.with("runtimeId", "one").with("image", "opr-demo/static:v5-1.0");
    what.with("runtimeEntrypoint", "exec helpers/server.sh");
    if (!source.empty())
      what.with("source", source);
    if (auto answer = executor.create(what); answer.status != 201)
      throw std::runtime_error(answer.text);
    auto took = last_time_of(executor, "prepared in preparing") - last_time_of(executor, "begin in pending");
    executor.remove("one");
    return took;
  }

  /// When the log last told that, in milliseconds of its hour.
  static double last_time_of(const executor_under_test& executor, std::string_view what) {
    std::ifstream log(executor.log_file());
    std::string last;
    for (std::string line; std::getline(log, line);)
      if (line.find(what) != std::string::npos)
        last = line;
    constexpr size_t minutes_at = sizeof "2026-11-28T12:" - 1;
    constexpr size_t seconds_at = minutes_at + sizeof "00:" - 1;
    return std::stod(last.substr(minutes_at, 2)) * 60'000 + std::stod(last.substr(seconds_at, 6)) * 1000;
  }
};

/// The mean of the middle half: the log knows whole milliseconds only.
double middle(std::vector<double> of) {
  std::sort(of.begin(), of.end());
  auto quarter = static_cast<std::ptrdiff_t>(of.size() / 4);
  return std::accumulate(of.begin() + quarter, of.end() - quarter, 0.0) /
         static_cast<double>(of.size() - 2 * static_cast<size_t>(quarter));
}

void measure(const bench& with) {
  for (const auto* executor : {&with.executor, &with.trusting})
    for (const auto* source : {"/cached", "/small"})
      bench::start(*executor, source);
  std::vector<double> none;
  std::vector<double> small;
  std::vector<double> cached;
  std::vector<double> unasked;
  std::vector<double> first;
  for (int i = 0; i < rounds; ++i) {
    auto fresh = "first-" + std::to_string(i);
    with.store(with.archive, fresh);
    first.push_back(bench::start(with.executor, "/" + fresh));
    none.push_back(bench::start(with.executor, {}));
    small.push_back(bench::start(with.executor, "/small"));
    cached.push_back(bench::start(with.executor, "/cached"));
    unasked.push_back(bench::start(with.trusting, "/cached"));
  }
  std::printf("| %.1f ms |", middle(none));
  for (const auto* of : {&small, &cached, &unasked, &first})
    std::printf(" %.1f ms more |", middle(*of) - middle(none));
  std::printf("\n");
}

} // namespace

int main(int argc, char** argv) {
  try {
    measure(bench{argc > 1 && argv[1] == std::string_view("swift") ? s3_kind::swift : s3_kind::s3rver});
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "s3_cold_start: %s\n", error.what());
    return 1;
  }
}
