#include "executor_under_test.hpp"

#include <catch2/catch.hpp>

#include <csignal>
#include <future>

using namespace opr;
using namespace opr::test;
using namespace std::chrono_literals;

namespace {

header_list with_key() {
  return {{"authorization", "Bearer " + executor_under_test::secret()},
          {"accept", "application/json"},
          {"content-type", "application/json"}};
}

/// An execution under way that takes so many milliseconds.
std::future<api_answer> run_slowly(const executor_under_test& executor, const std::string& ms) {
  REQUIRE(executor.execute("one", executor.cold("slow").with("path", "/?ms=1")).status == 200);
  auto running = std::async(std::launch::async, [&executor, ms] {
    return executor.execute("one", object{}.with("path", "/?ms=" + ms));
  });
  REQUIRE(executor_under_test::soon(
      [&] { return executor.call("GET", "/v1/runtimes/one").number("inFlight") == 1; }));
  return running;
}

} // namespace

TEST_CASE("an executor that ends isn't ready any more, and refuses new work while it finishes the old") {
  executor_under_test executor;
  auto running = run_slowly(executor, "2000");
  connection open{"127.0.0.1", executor.port()};
  CHECK(open.request("GET", "/readyz").status == 200);
  CHECK(open.request("GET", "/livez").status == 200);
  executor.program().send(SIGTERM);
  CHECK(executor_under_test::soon([&] { return executor.call("GET", "/readyz").status == 503; }));
  CHECK(open.request("GET", "/livez").status == 200);
  CHECK(executor.call("GET", "/v1/health").status == 503);
  for (const auto* path : {"/v1/runtimes/one/executions", "/v1/runtimes"}) {
    auto refused = open.request("POST", path, with_key(), object{}.with("path", "/?ms=1").text());
    CHECK(refused.status == 503);
    CHECK(refused.header("retry-after") == "1");
    CHECK(refused.body.find("general_unavailable") != std::string::npos);
  }
  CHECK(running.get().string("body") == "slept 2000");
  CHECK(executor.program().wait_for_exit(30s).code == 0);
  CHECK(executor.nothing_left());
}

TEST_CASE("what is still in flight after the drain time-out is told so") {
  executor_under_test executor{"drain_timeout: 1\n"};
  auto running = run_slowly(executor, "10000");
  executor.program().send(SIGTERM);
  auto cut = running.get();
  INFO(cut.text);
  CHECK(cut.status == 503);
  CHECK(cut.string("type") == "general_unavailable");
  CHECK(executor.program().wait_for_exit(30s).code == 0);
  CHECK(executor.nothing_left());
}
