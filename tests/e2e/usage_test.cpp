#include "executor_under_test.hpp"

#include <catch2/catch.hpp>

#include <future>

using namespace opr;
using namespace opr::test;
using namespace std::chrono_literals;

namespace {

/// What the health says of a runtime; -1 if it isn't in there.
double usage_of(const executor_under_test& executor, const char* id) {
  auto health = executor.call("GET", "/v1/health");
  if (!health.json.IsObject() || !health.json.HasMember("runtimes"))
    return -1;
  const auto& runtimes = health.json["runtimes"];
  return runtimes.HasMember(id) ? runtimes[id]["usage"].GetDouble() : -1;
}

} // namespace

TEST_CASE("the health tells which runtime is busy and which isn't") {
  executor_under_test executor;
  REQUIRE(executor.execute("idle", executor.cold("hello")).status == 200);
  auto busy = std::async(std::launch::async, [&executor] {
    return executor.execute("busy", executor.cold("spin").with("path", "/?ms=12000").with("timeout", 60.0))
        .status;
  });
  CHECK(executor_under_test::soon([&] { return usage_of(executor, "busy") > 20; }, 20s));
  CHECK(usage_of(executor, "busy") <= 100);
  CHECK(usage_of(executor, "idle") >= 0);
  CHECK(usage_of(executor, "idle") < 20);
  auto host = executor.call("GET", "/v1/health").number("usage");
  CHECK(host > 0);
  CHECK(host <= 100);
  CHECK(busy.get() == 200);
}
