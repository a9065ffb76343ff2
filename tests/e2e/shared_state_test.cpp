#include "proxy_under_test.hpp"
#include "tests/integration/redis/support/servers.hpp"

#include <catch2/catch.hpp>

#include <functional>
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
  redis.kill();
  CHECK(comes_true([&] { return state_of(proxy).find(R"("state":{"status":"fail")") != std::string::npos; }));
  CHECK(proxy.execute("a", {}, for_runtime("a")).status == 200);
  redis.start();
  CHECK(comes_true([&] { return redis.run({"HLEN", "{executors}"}) == "1"; }));
  CHECK(comes_true([&] { return state_of(proxy).find(R"("state":{"status":"pass")") != std::string::npos; }));
}
