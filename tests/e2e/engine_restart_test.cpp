#include "background_load.hpp"
#include "executor_under_test.hpp"
#include "own_engine.hpp"

#include <catch2/catch.hpp>

#include <chrono>

using namespace opr;
using namespace opr::test;
using namespace std::chrono_literals;

namespace {

/// How long it takes until an execution is answered well, which must be soon. A start is part of it, which
/// the machine's own speed and load decide on: the same is measured before, to compare.
std::chrono::milliseconds time_until_served(const executor_under_test& executor, const std::string& id) {
  auto begun = std::chrono::steady_clock::now();
  auto cold = executor.cold("hello").with("timeout", 10.0);
  CHECK(executor_under_test::soon([&] { return executor.execute(id, cold).status == 200; }, 20s));
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begun);
}

bool is_unavailable(const api_answer& answer) {
  return answer.status == 503 && answer.string("type") == "general_unavailable";
}

} // namespace

TEST_CASE("while an Engine with live-restore is away, warm runtimes are served and starts told to wait") {
  own_engine engine{true};
  executor_under_test executor{"docker_host: " + engine.address() + "\n"};
  auto cold = executor.cold("hello").with("timeout", 20.0);
  REQUIRE(executor.execute("warm", cold).status == 200);

  background_load load{2, [&](unsigned) { return executor.execute("warm", cold); },
                       [](unsigned, const api_answer& answer) { return answer.status == 200; }};
  auto usual = time_until_served(executor, "before");
  auto before = engine.containers();
  engine.stop();
  REQUIRE(executor_under_test::soon([&] { return executor.call("GET", "/v1/health").status == 503; }));
  CHECK(is_unavailable(executor.execute("cold", cold)));
  CHECK(executor.execute("warm", cold).status == 200);
  engine.start();
  auto served = time_until_served(executor, "cold");
  WARN("a cold start is served " << served.count() << " ms after the Engine's return; before it took "
                                 << usual.count() << " ms");
  CHECK(served.count() < usual.count() + 2000);
  CHECK(executor_under_test::soon([&] { return executor.call("GET", "/v1/health").status == 200; }, 2s));
  load.end();
  CHECK(load.wrong() == "");
  CHECK(load.answered() > 100);
  CHECK(engine.containers().size() == before.size() + 1);
}

TEST_CASE("an Engine that ends with all its containers is told to callers, and its return is enough") {
  own_engine engine{false};
  executor_under_test executor{"docker_host: " + engine.address() + "\n"};
  auto cold = executor.cold("hello").with("timeout", 20.0);
  REQUIRE(executor.execute("warm", cold).status == 200);

  // In the moment of its death a runtime fails; before and after, it serves or the Engine is away.
  background_load load{2, [&](unsigned) { return executor.execute("warm", cold); },
                       [](unsigned, const api_answer& answer) {
                         return answer.status == 200 || is_unavailable(answer) ||
                                answer.string("type") == "runtime_failed";
                       }};
  auto usual = time_until_served(executor, "before");
  engine.stop();
  CHECK(executor_under_test::soon([&] { return is_unavailable(executor.execute("warm", cold)); }));
  CHECK(is_unavailable(executor.execute("cold", cold)));
  engine.start();
  auto served = time_until_served(executor, "warm");
  WARN("the runtime is served again " << served.count() << " ms after the Engine's return; a start took "
                                      << usual.count() << " ms before");
  CHECK(served.count() < usual.count() + 2000);
  load.end();
  CHECK(load.wrong() == "");
  CHECK(executor.execute("cold", cold).status == 200);
  CHECK(executor_under_test::soon([&] { return engine.containers().size() == 2; }));
}
