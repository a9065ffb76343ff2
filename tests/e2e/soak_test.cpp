#include "executor_under_test.hpp"
#include "tests/support/faulty_engine.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <sstream>
#include <thread>
#include <unistd.h>
#include <vector>

using namespace opr;
using namespace opr::test;
using namespace std::chrono_literals;

namespace {

constexpr int cycles = 4; ///< The first one warms up.
constexpr int threads = 8;

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

/// Everything that callers, operators and a bad day do to an executor, by one thread.
class visitor {
public:
  visitor(executor_under_test& executor, faulty_engine& engine, const object& hello, const object& large,
          const object& slow, const object& crash, unsigned seed)
      : executor_(executor), engine_(engine), hello_(hello), large_(large), slow_(slow), crash_(crash),
        chance_(seed) {}

  void do_something() {
    const auto id = "r" + std::to_string(below(10));
    switch (below(40)) {
    case 0:
      return build(id, "true");
    case 1:
      return build(id, "echo some output; exit 3");
    case 2:
      return void(allowed(executor_.remove(id)));
    case 3:
      return command(id);
    case 4:
      return follow(id);
    case 5:
      return leave(id);
    case 6:
      return void(
          allowed(executor_.execute("slow", object{slow_}.with("path", "/?ms=3000").with("timeout", 1.0))));
    case 7:
      return void(allowed(executor_.execute("crash", crash_)));
    case 8:
      return kill(id);
    case 9:
    case 13:
    case 14:
      return break_engine();
    case 10:
    case 11:
    case 12:
      return echo("large");
    default:
      for (int i = 0; i < 25; ++i)
        greet(id);
    }
  }

  std::string wrong;
  unsigned done = 0;
  unsigned served = 0;

private:
  size_t below(size_t bound) { return std::uniform_int_distribution<size_t>(0, bound - 1)(chance_); }

  /// @returns Whether it is an answer of a function. An error has a type and a reason; what isn't either is
  /// wrong.
  bool allowed(const api_answer& answer) {
    ++done;
    served += answer.status < 300 ? 1 : 0;
    const bool is_error = answer.status >= 400 && answer.json.IsObject() && answer.json.HasMember("type") &&
                          answer.json.HasMember("message");
    if (answer.status >= 300 && !is_error)
      wrong += std::to_string(answer.status) + " " + answer.text + "\n";
    return answer.status == 200;
  }
  void expect(bool holds, const api_answer& answer) {
    if (!holds)
      wrong += "somebody else's answer: " + answer.text.substr(0, 500) + "\n";
  }

  void greet(const std::string& id) {
    const auto name = "n" + std::to_string(chance_());
    auto answer = executor_.execute(id, object{hello_}.with("path", "/?name=" + name));
    if (allowed(answer) && answer.number("statusCode") == 200)
      expect(answer.string("body").find("Hello, " + name + "!") != std::string::npos, answer);
  }
  void echo(const std::string& id) {
    const auto body = std::string(below(300000), static_cast<char>('a' + below(26)));
    auto answer = executor_.execute(id, object{large_}.with("method", "POST").with("body", body));
    if (allowed(answer) && answer.number("statusCode") == 200)
      expect(answer.string("body") == body, answer);
  }
  void build(const std::string& id, const std::string& line) {
    allowed(executor_.create(
        object{hello_}.with("runtimeId", "build-" + id).with("command", line).with("remove", true)));
  }
  void command(const std::string& id) {
    auto answer = executor_.call("POST", "/v1/runtimes/" + id + "/commands",
                                 object{}.with("command", "echo " + id + "; ls /nowhere").text());
    allowed(answer);
  }
  void follow(const std::string& id) {
    auto answer = executor_.call("GET", "/v1/runtimes/build-" + id + "/logs?timeout=1");
    ++done;
  }
  /// Asks and doesn't wait for the answer.
  void leave(const std::string& id) {
    try {
      request("127.0.0.1", executor_.port(), "POST", "/v1/runtimes/" + id + "/executions",
              {{"authorization", "Bearer " + executor_under_test::secret()},
               {"content-type", "application/json"}},
              object{hello_}.text(), std::chrono::milliseconds(below(30) + 1));
    } catch (const std::exception&) { // as it must be
    }
    ++done;
  }
  void kill(const std::string& id) { output_of("docker kill " + executor_.name() + "-" + id + " 2>&1"); }
  void break_engine() {
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
  const object& hello_;
  const object& large_;
  const object& slow_;
  const object& crash_;
  std::mt19937 chance_;
};

} // namespace

TEST_CASE("after any load with any faults, all is given back and nothing has grown", "[soak]") {
  faulty_engine engine;
  executor_under_test executor{"docker_host: " + engine.address() +
                               "\ninactive_threshold: 3\nmaintenance_interval: 2\nmax_runtimes: 8\n"
                               "concurrency: 4\nmax_queue: 8\nmax_builds: 2\nmax_executions: 30\n"};
  const auto cold = [&](const char* function) { return executor.cold(function).with("timeout", 10.0); };
  const auto hello = cold("hello");
  const auto large = cold("large");
  const auto slow = cold("slow");
  const auto crash = cold("crash");
  const auto pid = executor.program().pid();

  holdings first;
  for (int cycle = 0; cycle < cycles; ++cycle) {
    const auto until = std::chrono::steady_clock::now() + soak_time() / cycles;
    std::vector<visitor> visitors;
    std::vector<std::thread> running;
    for (int i = 0; i < threads; ++i)
      visitors.emplace_back(executor, engine, hello, large, slow, crash,
                            static_cast<unsigned>(cycle * 100 + i));
    for (auto& one : visitors)
      running.emplace_back([&one, until] {
        while (std::chrono::steady_clock::now() < until)
          one.do_something();
      });
    for (auto& one : running)
      one.join();
    engine.heal();

    unsigned done = 0;
    unsigned served = 0;
    for (const auto& one : visitors) {
      CHECK(one.wrong == "");
      done += one.done;
      served += one.served;
    }
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
    CHECK(now.cpu_seconds - busy.cpu_seconds < 0.5); // It has nothing to do.
    WARN("cycle " << cycle << ": " << done << " requests, " << served << " served, " << engine.hits()
                  << " Engine calls gone wrong so far; " << now.descriptors << " descriptors, " << now.threads
                  << " threads, " << now.resident_mb << " MB");
    if (cycle == 0)
      first = now;
    CHECK(now.resident_mb < std::min(32.0, first.resident_mb + 4));
  }
}
