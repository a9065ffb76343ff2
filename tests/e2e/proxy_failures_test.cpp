#include "proxy_under_test.hpp"
#include "tests/integration/http/support/client.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <future>
#include <map>
#include <mutex>
#include <thread>

using namespace opr;
using namespace opr::test;
using namespace std::chrono_literals;

namespace {

constexpr int runtimes = 6;

/// Callers that execute all the time, each waiting for its answer before it asks again.
class load {
public:
  load(const proxy_under_test& proxy, const object& parameters, int callers) {
    for (int i = 0; i < callers; ++i)
      callers_.push_back(std::async(std::launch::async, [this, &proxy, parameters, i] {
        for (int n = i; !ends_; ++n)
          note(proxy.execute("r" + std::to_string(n % runtimes), parameters));
      }));
  }
  ~load() { end(); }
  load(const load&) = delete;
  load& operator=(const load&) = delete;

  void end() {
    ends_ = true;
    for (auto& one : callers_)
      if (one.valid())
        one.get();
  }
  std::size_t count(unsigned status) const {
    std::lock_guard lock{mutex_};
    auto found = counts_.find(status);
    return found == counts_.end() ? 0 : found->second;
  }
  /// How many answers were neither of these.
  std::size_t others(std::initializer_list<unsigned> known) const {
    std::size_t all = 0;
    {
      std::lock_guard lock{mutex_};
      for (const auto& [status, times] : counts_)
        all += times;
    }
    for (auto status : known)
      all -= count(status);
    return all;
  }
  std::string odd() const {
    std::lock_guard lock{mutex_};
    return odd_;
  }

private:
  void note(const api_answer& got) {
    std::lock_guard lock{mutex_};
    ++counts_[got.status];
    if (got.status != 200)
      odd_ += std::to_string(got.status) + " " + got.text + "\n";
  }

  std::atomic<bool> ends_{false};
  mutable std::mutex mutex_;
  std::map<unsigned, std::size_t> counts_;
  std::string odd_;
  std::vector<std::future<void>> callers_;
};

constexpr auto soon = [](const std::function<bool()>& holds) {
  return executor_under_test::soon(holds, 20s);
};

} // namespace

TEST_CASE("an executor that is killed under load fails only what it had, and is back soon after its return",
          "[proxy]") {
  executor_under_test one;
  executor_under_test two;
  executor_under_test three;
  proxy_under_test proxy{{one.port(), two.port(), three.port()}, "algorithm: hash\n"};
  auto parameters = object{}
                        .with("image", "opr-demo/static:v5-1.0")
                        .with("source", one.archive("hello"))
                        .with("timeout", 60.0);
  for (int i = 0; i < runtimes; ++i)
    REQUIRE(proxy.execute("r" + std::to_string(i), parameters).status == 200);
  auto load_of = [](const executor_under_test* executor) {
    return executor->call("GET", "/v1/runtimes").json.Size();
  };
  auto* victim = std::max({&one, &two, &three}, [&](auto* a, auto* b) { return load_of(a) < load_of(b); });
  constexpr int callers = 6;
  load callers_at_work{proxy, parameters, callers};
  REQUIRE(soon([&] { return callers_at_work.count(200) > 100; }));

  victim->program().send(SIGKILL);
  victim->program().wait_for_exit(10s);
  auto answered = callers_at_work.count(200);
  REQUIRE(soon([&] { return callers_at_work.count(200) > answered + 100; }));
  INFO(callers_at_work.odd());
  CHECK(soon([&] { return proxy.status_of(victim->port()) == "unreachable"; }));
  auto failed = callers_at_work.count(502);
  CHECK(failed <= callers);
  CHECK(callers_at_work.others({200, 502}) == 0);

  victim->start();
  CHECK(executor_under_test::soon([&] { return proxy.status_of(victim->port()) == "online"; }, 2s));
  answered = callers_at_work.count(200);
  REQUIRE(soon([&] { return callers_at_work.count(200) > answered + 100; }));
  callers_at_work.end();
  CHECK(callers_at_work.count(502) == failed);
  CHECK(callers_at_work.others({200, 502}) == 0);
}

TEST_CASE(
    "an executor that is frozen gets no requests once its health check is late, and is back when it thaws",
    "[proxy]") {
  executor_under_test one;
  executor_under_test two;
  proxy_under_test proxy{{one.port(), two.port()}, "algorithm: first\nhealthcheck_timeout: 500\n"};
  auto parameters = one.cold("hello");
  one.program().send(SIGSTOP);
  REQUIRE(soon([&] { return proxy.status_of(one.port()) == "offline"; }));
  for (int i = 0; i < 5; ++i)
    CHECK(proxy.execute("hello", parameters).status == 200);
  one.program().send(SIGCONT);
  CHECK(soon([&] { return proxy.status_of(one.port()) == "online"; }));
}

TEST_CASE("a function that takes too long for the proxy doesn't cost its executor the others", "[proxy]") {
  executor_under_test executor;
  proxy_under_test proxy{{executor.port()}, "max_timeout: 2\n"};
  REQUIRE(
      executor.execute("slow", executor.cold("slow").with("path", "/?ms=1").with("timeout", 30.0)).status ==
      200);
  auto late = proxy.execute("slow", object{}.with("path", "/?ms=10000").with("timeout", 30.0));
  CHECK(late.status == 504);
  CHECK(late.string("message").find("Timed out") == 0);
  CHECK(proxy.status_of(executor.port()) == "online");
  CHECK(proxy.execute("slow", object{}.with("path", "/?ms=1")).status == 200);
}

TEST_CASE("a proxy without executors asks callers to come again", "[proxy]") {
  proxy_under_test proxy{{1}};
  auto got = proxy.call("GET", "/v1/runtimes");
  CHECK(got.status == 503);
  CHECK(got.header("retry-after") == "1");
  CHECK(proxy.call("GET", "/v1/proxy/health").body == "OK");
}

TEST_CASE("a proxy that is told to end answers what is in flight first", "[proxy]") {
  auto signal = GENERATE(SIGTERM, SIGINT);
  executor_under_test executor;
  proxy_under_test proxy{{executor.port()}};
  REQUIRE(proxy.execute("slow", executor.cold("slow").with("path", "/?ms=1")).status == 200);
  auto running = std::async(std::launch::async,
                            [&] { return proxy.execute("slow", object{}.with("path", "/?ms=2000")); });
  REQUIRE(soon([&] { return executor.call("GET", "/v1/runtimes/slow").number("inFlight") == 1; }));
  proxy.program().send(signal);
  auto got = running.get();
  CHECK(got.status == 200);
  CHECK(got.string("body") == "slept 2000");
  CHECK(proxy.program().wait_for_exit(10s).code == 0);
}

TEST_CASE("a proxy tells whether it is healthy, by its own option", "[proxy]") {
  proxy_under_test proxy{{1}};
  auto health_at = [](uint16_t port) {
    return output_of("OPR_PROXY_ADDRESS=127.0.0.1 PORT=" + std::to_string(port) + " " + OPR_PROXY_PROGRAM +
                     " --health 2>&1");
  };
  CHECK(health_at(proxy.port()) == "the proxy is healthy\n");
  CHECK(health_at(1).find("proxy: no proxy can be reached") == 0);
}
