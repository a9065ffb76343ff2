#include "executor_under_test.hpp"
#include "tests/support/faulty_engine.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <random>
#include <set>
#include <sstream>
#include <string>
#include <thread>
#include <tuple>
#include <unistd.h>
#include <utility>
#include <vector>

using namespace opr;
using namespace opr::test;
using namespace std::chrono_literals;

namespace {

constexpr unsigned cycles = 4; ///< The first one warms up.
constexpr unsigned threads = 8;

/// How long all cycles take together. By hand: OPR_SOAK_SECONDS=3600.
std::chrono::seconds soak_time() {
  const auto* text = std::getenv("OPR_SOAK_SECONDS"); // NOLINT(concurrency-mt-unsafe): no threads yet
  return std::chrono::seconds(text == nullptr ? 100 : std::stoi(text));
}

/// What a process has.
struct holdings {
  std::ptrdiff_t descriptors = 0;
  int threads = 0;
  double resident_mb = 0;
  double cpu_seconds = 0; ///< That it has used so far.
};

holdings holdings_of(pid_t pid) {
  holdings out;
  const auto root = "/proc/" + std::to_string(pid);
  const std::filesystem::directory_iterator all(root + "/fd");
  out.descriptors = std::distance(begin(all), end(all));
  std::ifstream status(root + "/status");
  for (std::string word; status >> word;) {
    if (word == "Threads:")
      status >> out.threads;
    if (word == "VmRSS:")
      status >> out.resident_mb;
  }
  out.resident_mb /= 1024;
  std::ifstream stat(root + "/stat");
  std::string text;
  std::getline(stat, text);
  std::istringstream figures(text.substr(text.rfind(')')));
  std::vector<std::string> all_figures{std::istream_iterator<std::string>(figures), {}};
  out.cpu_seconds = (std::stod(all_figures.at(12)) + std::stod(all_figures.at(13))) /
                    static_cast<double>(sysconf(_SC_CLK_TCK));
  return out;
}

/// The last count of its actors that the program has logged; it does so with each round of maintenance.
int actors_of(const executor_under_test& executor) {
  const auto line = output_of("grep -o '[0-9]* actors run' " + executor.log_file() + " | tail -n 1");
  return line.empty() ? -1 : std::stoi(line);
}

/// How many answers there were of each kind: `served`, or the type of an error.
using outcomes = std::map<std::string, unsigned>;

std::string text_of(const outcomes& all) {
  std::string text;
  for (const auto& [kind, count] : all)
    text += (text.empty() ? "" : ", ") + std::to_string(count) + " " + kind;
  return text;
}

// The errors that may be told to who asks for each.
using types = std::set<std::string>;
const types of_execution{"general_rate_limit_exceeded", "general_unavailable", "runtime_failed",
                         "runtime_timeout", "execution_timeout"};
const types of_build{"general_rate_limit_exceeded",
                     "general_unavailable",
                     "runtime_failed",
                     "runtime_timeout",
                     "runtime_conflict",
                     "build_failed"};
const types of_removal{"general_unavailable", "runtime_not_found"};
const types of_command{"general_unavailable", "runtime_not_found", "runtime_failed", "command_failed",
                       "command_timeout"};
const types of_log{"runtime_not_found", "logs_timeout"};

/// Everything that callers, operators and a bad day do to an executor, by one thread.
class visitor {
public:
  visitor(executor_under_test& executor, faulty_engine& engine, unsigned seed)
      : executor_(executor), engine_(engine), chance_(seed) {}

  void do_something() {
    using action = void (visitor::*)(const std::string& id);
    static constexpr action others[] = {
        &visitor::store_build,  &visitor::fail_to_build, &visitor::follow,       &visitor::leave,
        &visitor::leave_log,    &visitor::remove,        &visitor::command,      &visitor::time_out,
        &visitor::crash,        &visitor::crash_at_once, &visitor::kill,         &visitor::echo,
        &visitor::echo_a_lot,   &visitor::echo_bytes,    &visitor::break_engine, &visitor::break_engine,
        &visitor::break_engine,
    };
    const auto id = "r" + std::to_string(below(10));
    if (const auto which = below(2 * std::size(others)); which < std::size(others))
      return (this->*others[which])(id);
    for (int i = 0; i < 25 && greet(id); ++i) { // until refused
    }
  }

  std::string wrong;
  outcomes seen;

private:
  size_t below(size_t bound) { return std::uniform_int_distribution<size_t>(0, bound - 1)(chance_); }
  std::string bytes(size_t size) {
    std::string out(size, '\0');
    for (auto& one : out)
      one = static_cast<char>(chance_());
    return out;
  }
  object cold(const char* function) const { return executor_.cold(function).with("timeout", 10.0); }
  header_list headers(const char* type, const char* accept) const {
    return {{"authorization", "Bearer " + executor_under_test::secret()},
            {"content-type", type},
            {"accept", accept}};
  }

  /// @returns Whether it was served. What is neither that nor one of the errors allowed is wrong.
  bool served(const api_answer& answer, const types& allowed) {
    const bool is_error = answer.json.IsObject() && answer.json.HasMember("message");
    const auto kind = answer.status < 300 ? "served" : is_error ? answer.string("type") : "no error";
    ++seen[kind];
    if (answer.status >= 300 && allowed.count(kind) == 0)
      wrong += std::to_string(answer.status) + " " + answer.text.substr(0, 500) + "\n";
    return answer.status < 300;
  }
  void expect(bool holds, const char* what, const std::string& text) {
    if (!holds)
      wrong += std::string(what) + ": " + text.substr(0, 500) + "\n";
  }

  bool greet(const std::string& id) {
    const auto name = "n" + std::to_string(chance_());
    auto answer = executor_.execute(id, cold("hello").with("path", "/?name=" + name));
    if (!served(answer, of_execution))
      return false;
    if (answer.number("statusCode") == 200)
      expect(answer.string("body").find("Hello, " + name + "!") != std::string::npos,
             "somebody else's answer", answer.text);
    return true;
  }
  void echo(const std::string& /*id*/) { echo_text(below(300'000)); }
  void echo_a_lot(const std::string& /*id*/) { echo_text(3'000'000); }
  void echo_text(size_t size) {
    const auto body = std::string(size, static_cast<char>('a' + below(26)));
    auto answer = executor_.execute("large", cold("large").with("method", "POST").with("body", body));
    if (served(answer, of_execution) && answer.number("statusCode") == 200)
      expect(answer.string("body") == body, "somebody else's answer", answer.text);
  }
  /// As a form, in which bytes need no text.
  void echo_bytes(const std::string& /*id*/) {
    const auto boundary = "b" + std::to_string(chance_());
    const auto body = bytes(below(300'000) + 16);
    std::string form;
    const auto add = [&](const std::string& name, const std::string& value) {
      form += "--" + boundary + "\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value +
              "\r\n";
    };
    add("image", node_v5);
    add("source", executor_.archive("binary"));
    add("entrypoint", "index.js");
    add("method", "POST");
    add("timeout", "10");
    add("body", body);
    form += "--" + boundary + "--\r\n";
    auto got = request("127.0.0.1", executor_.port(), "POST", "/v1/runtimes/binary/executions",
                       headers(("multipart/form-data; boundary=" + boundary).c_str(), "multipart/form-data"),
                       form, 60s);
    api_answer answer{got.status, got.headers, got.body, {}};
    answer.json.Parse(answer.text.data(), answer.text.size());
    const bool was_reached = answer.text.find("name=\"statusCode\"\r\n\r\n200") != std::string::npos;
    if (served(answer, of_execution) && was_reached)
      expect(answer.text.find(body) != std::string::npos, "somebody else's answer", answer.text);
  }
  void time_out(const std::string& /*id*/) {
    served(executor_.execute("slow", cold("slow").with("path", "/?ms=3000").with("timeout", 1.0)),
           of_execution);
  }
  void crash(const std::string& /*id*/) {
    expect(!served(executor_.execute("crash", cold("crash")), of_execution), "no crash", {});
  }
  void crash_at_once(const std::string& /*id*/) {
    auto answer =
        executor_.execute("loop", cold("hello").with("runtimeEntrypoint", "echo went wrong; exit 3"));
    expect(!served(answer, of_execution), "no crash", answer.text);
  }

  api_answer build(const std::string& id, const std::string& line) {
    return executor_.create(cold("hello")
                                .with("runtimeId", "build-" + id)
                                .with("destination", executor_.storage() + "/builds")
                                .with("command", line)
                                .with("remove", true));
  }
  void store_build(const std::string& id) {
    auto answer = build(id, "cp /tmp/code.tar.gz /mnt/code/code.tar.gz");
    if (served(answer, of_build))
      expect(std::filesystem::remove(answer.string("path")), "no archive", answer.text);
  }
  void fail_to_build(const std::string& id) {
    auto answer = build(id, "echo some output; exit 3");
    expect(!served(answer, of_build), "a failed build counts as good", answer.text);
  }
  void follow(const std::string& id) {
    served(executor_.call("GET", "/v1/runtimes/build-" + id + "/logs?timeout=1"), of_log);
  }
  void remove(const std::string& id) { served(executor_.remove(below(4) == 0 ? "slow" : id), of_removal); }
  void command(const std::string& id) {
    served(executor_.call("POST", "/v1/runtimes/" + id + "/commands",
                          object{}.with("command", "echo " + id + "; ls /nowhere").text()),
           of_command);
  }

  void leave(const std::string& id) { ask_and_leave("POST", id + "/executions", cold("hello").text(), 30); }
  void leave_log(const std::string& id) { ask_and_leave("GET", "build-" + id + "/logs?timeout=5", {}, 500); }
  /// Doesn't wait for the answer.
  void ask_and_leave(const char* method, const std::string& path, const std::string& body,
                     size_t longest_ms) {
    try {
      request("127.0.0.1", executor_.port(), method, "/v1/runtimes/" + path,
              headers("application/json", "application/json"), body,
              std::chrono::milliseconds(below(longest_ms) + 1));
    } catch (const std::exception&) { // as it must be
    }
    ++seen["left"];
  }
  void kill(const std::string& id) { output_of("docker kill " + executor_.name() + "-" + id + " 2>&1"); }
  void break_engine(const std::string& /*id*/) {
    if (below(3) == 0)
      return engine_.cut_events();
    static constexpr std::pair<const char*, const char*> calls[] = {{"POST", "/containers/create"},
                                                                    {"POST", "/start"},
                                                                    {"GET", "/json"},
                                                                    {"DELETE", "/containers/"},
                                                                    {"POST", "/exec"}};
    faulty_calls fault;
    std::tie(fault.method, fault.path) = calls[below(std::size(calls))];
    fault.fault = static_cast<engine_fault>(below(6));
    fault.delay = 1s;
    engine_.let_go_wrong(fault);
  }

  executor_under_test& executor_;
  faulty_engine& engine_;
  std::mt19937 chance_;
};

/// All that visitors see who come at once, and stay for so long.
outcomes load(executor_under_test& executor, faulty_engine& engine, std::chrono::seconds time,
              unsigned seed) {
  const auto until = std::chrono::steady_clock::now() + time;
  std::vector<visitor> visitors;
  std::vector<std::thread> running;
  for (unsigned i = 0; i < threads; ++i)
    visitors.emplace_back(executor, engine, seed + i);
  for (auto& one : visitors)
    running.emplace_back([&one, until] {
      try {
        while (std::chrono::steady_clock::now() < until)
          one.do_something();
      } catch (const std::exception& error) {
        one.wrong += error.what();
      }
    });
  for (auto& one : running)
    one.join();
  outcomes all;
  for (const auto& one : visitors) {
    CHECK(one.wrong == "");
    for (const auto& [kind, count] : one.seen)
      all[kind] += count;
  }
  return all;
}

} // namespace

TEST_CASE("after any load with any faults, all is given back and nothing has grown", "[soak]") {
  faulty_engine engine;
  executor_under_test executor{
      "docker_host: " + engine.address() +
      "\ninactive_threshold: 3\nmaintenance_interval: 2\nmax_runtimes: 8\n"
      "concurrency: 2\nmax_queue: 2\nmax_builds: 1\nmax_executions: 7\nlog_level: debug\n"};
  for (const auto* function : {"hello", "large", "binary", "slow", "crash"})
    executor.archive(function); // which isn't to be made by several threads
  const auto pid = executor.program().pid();
  executor.program().wait_for_line("actors run", 10s);
  const auto actors = actors_of(executor);

  holdings first;
  outcomes all;
  for (unsigned cycle = 0; cycle < cycles; ++cycle) {
    const auto seen = load(executor, engine, soak_time() / cycles, cycle * 100);
    engine.heal();
    for (const auto& [kind, count] : seen)
      all[kind] += count;
    // The idle ones are removed by themselves.
    CHECK(executor_under_test::soon([&] { return executor.nothing_left(); }, 30s));
    CHECK(executor.call("GET", "/v1/runtimes").json.Size() == 0);
    holdings now;
    const auto settled = [&] {
      now = holdings_of(pid);
      return cycle == 0 || (now.descriptors <= first.descriptors && now.threads <= first.threads);
    };
    const auto busy = holdings_of(pid);
    std::this_thread::sleep_for(3s); // Resting connections are closed after 2 s, which nobody tells.
    CHECK(executor_under_test::soon(settled));
    CHECK(executor_under_test::soon([&] { return actors_of(executor) == actors; }));
    CHECK(now.cpu_seconds - busy.cpu_seconds < 0.5); // It has nothing to do.
    WARN("cycle " << cycle << ": " << text_of(seen) << "; " << engine.hits()
                  << " Engine calls gone wrong so far; " << now.descriptors << " descriptors, " << now.threads
                  << " threads, " << actors_of(executor) << " actors, " << now.resident_mb << " MB");
    if (cycle == 0)
      first = now;
    CHECK(now.resident_mb < std::min(32.0, first.resident_mb + 4));
  }
  for (const auto* kind : {"served", "general_rate_limit_exceeded", "runtime_failed", "build_failed"})
    CHECK(all[kind] > 0); // It was the load that it is meant to be.
  executor.program().send(SIGTERM);
  CHECK(executor.program().wait_for_exit(60s).code == 0);
}
