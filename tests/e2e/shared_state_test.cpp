#include "prober.hpp"
#include "proxy_under_test.hpp"
#include "tests/integration/redis/support/servers.hpp"

#include <catch2/catch.hpp>

#include <csignal>
#include <functional>
#include <memory>
#include <thread>

using namespace opr::test;
using namespace std::chrono_literals;

namespace {

/// Settings under which a proxy looks at its executors only when it starts: the rest it has from others.
std::string sharing(const redis_server& redis) {
  return "connections_state: " + redis.dsn() + "\nhealthcheck_interval: 600000\nalgorithm: random\n";
}

bool comes_true(const std::function<bool()>& what) {
  auto deadline = std::chrono::steady_clock::now() + 30s;
  while (!what()) {
    if (std::chrono::steady_clock::now() > deadline)
      return false;
    std::this_thread::sleep_for(20ms);
  }
  return true;
}

/// Whether the proxy sends the runtime `a` where it is: by chance it would hardly do so so often.
bool knows_where_it_is(const proxy_under_test& proxy) {
  for (int i = 0; i < 20; ++i)
    if (proxy.execute("a", {}, for_runtime("a")).status != 200)
      return false;
  return true;
}

std::string state_of(const proxy_under_test& proxy) {
  return proxy
      .call("GET", "/v1/proxy/health",
            {{"authorization", "Bearer " + proxy_under_test::secret()}, {"accept", "application/json"}})
      .body;
}

} // namespace

TEST_CASE("a proxy sends a runtime where another proxy has started it", "[proxy][redis]") {
  redis_server redis;
  executor_under_test one;
  executor_under_test two;
  proxy_under_test first({one.port(), two.port()}, sharing(redis));
  proxy_under_test second({one.port(), two.port()}, sharing(redis));
  const std::vector<std::string> ids{"a", "b", "c", "d", "e", "f"};
  for (const auto& id : ids)
    REQUIRE(first.execute(id, one.cold("hello"), for_runtime(id)).status == 200);
  auto marks = [&](const executor_under_test& of) {
    return std::stoi(redis.run({"HLEN", "{executors-runtimes}:127.0.0.1:" + std::to_string(of.port())}));
  };
  REQUIRE(comes_true([&] { return marks(one) + marks(two) == 6; }));
  std::this_thread::sleep_for(1500ms); // The second reads once a second.
  for (const auto& id : ids)
    CHECK(second.execute(id, {}, for_runtime(id)).status == 200); // Another executor would answer 404.
}

TEST_CASE("proxies go on without Redis, say so, and share again when it is back", "[proxy][redis]") {
  redis_server redis;
  executor_under_test executor;
  proxy_under_test proxy({executor.port()}, sharing(redis));
  REQUIRE(proxy.execute("a", executor.cold("hello"), for_runtime("a")).status == 200);
  REQUIRE(
      comes_true([&] { return state_of(proxy).find(R"("state":{"status":"pass")") != std::string::npos; }));
  prober asks{[&] { return proxy.execute("a", {}, for_runtime("a")).status; }};
  REQUIRE(comes_true([&] { return asks.count(200) > 20; }));
  redis.kill();
  CHECK(comes_true([&] { return state_of(proxy).find(R"("state":{"status":"fail")") != std::string::npos; }));
  const auto answered = asks.count(200);
  CHECK(comes_true([&] { return asks.count(200) > answered + 100; }));
  redis.start();
  CHECK(comes_true([&] { return redis.run({"HLEN", "{executors}"}) == "1"; }));
  CHECK(comes_true([&] { return state_of(proxy).find(R"("state":{"status":"pass")") != std::string::npos; }));
  CHECK(asks.failed() == 0);
}

TEST_CASE("Redis frozen for half a minute under load fails no request", "[proxy][redis]") {
  redis_server redis;
  executor_under_test one;
  executor_under_test two;
  std::string settings = "algorithm: round-robin\nconnections_state: " + redis.dsn() + "\n";
  proxy_under_test first({one.port(), two.port()}, settings);
  proxy_under_test second({one.port(), two.port()}, settings);
  REQUIRE(first.execute("a", one.cold("hello"), for_runtime("a")).status == 200);
  prober asks_first{[&] { return first.execute("a", one.cold("hello"), for_runtime("a")).status; }};
  prober asks_second{[&] { return second.execute("a", one.cold("hello"), for_runtime("a")).status; }};
  REQUIRE(comes_true([&] { return asks_first.count(200) > 20 && asks_second.count(200) > 20; }));
  redis.freeze();
  std::this_thread::sleep_for(30s);
  redis.thaw();
  auto answered = asks_first.count(200);
  CHECK(comes_true([&] { return asks_first.count(200) > answered + 20; }));
  CHECK(answered > 1000);
  CHECK(asks_first.failed() == 0);
  CHECK(asks_second.failed() == 0);
  CHECK(comes_true([&] { return state_of(first).find(R"("state":{"status":"pass")") != std::string::npos; }));
}

TEST_CASE("a proxy that is killed costs the others nothing, and the next one serves at once",
          "[proxy][redis]") {
  redis_server redis;
  executor_under_test one;
  executor_under_test two;
  const std::string settings = "connections_state: " + redis.dsn() + "\n";
  auto first = std::make_unique<proxy_under_test>(std::vector<uint16_t>{one.port(), two.port()}, settings);
  proxy_under_test second({one.port(), two.port()}, settings);
  REQUIRE(first->execute("a", one.cold("hello"), for_runtime("a")).status == 200);
  REQUIRE(comes_true([&] { return knows_where_it_is(second); }));
  prober asks{[&] { return second.execute("a", {}, for_runtime("a")).status; }};
  first->program().send(SIGKILL);
  first->program().wait_for_exit(10s);
  first.reset();
  CHECK(comes_true([&] { return asks.count(200) > 100; }));
  proxy_under_test next({one.port(), two.port()}, settings);
  CHECK(comes_true([&] { return knows_where_it_is(next); }));
  CHECK(asks.failed() == 0);
}
