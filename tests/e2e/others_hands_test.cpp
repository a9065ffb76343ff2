#include "executor_under_test.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <future>

using namespace opr;
using namespace opr::test;
using namespace std::chrono_literals;

TEST_CASE("a container that somebody pauses or removes is known at once, and replaced") {
  auto [verb, told] = GENERATE(
      table<std::string, std::string>({{"pause", "paused"}, {"rm -f", "137"}, {"stop -t 0", "137"}}));
  executor_under_test executor;
  auto cold = executor.cold("slow").with("path", "/?ms=1");
  REQUIRE(executor.execute("one", cold).status == 200);
  auto running = std::async(std::launch::async, [&] {
    return executor.execute("one", object{}.with("path", "/?ms=20000").with("timeout", 30.0));
  });
  REQUIRE(executor_under_test::soon(
      [&] { return executor.call("GET", "/v1/runtimes/one").number("inFlight") == 1; }));
  auto begun = std::chrono::steady_clock::now();
  output_of("docker " + verb + " " + executor.name() + "-one");
  auto cut = running.get();
  INFO(cut.text);
  CHECK(cut.string("type") == "runtime_failed");
  CHECK(cut.string("message").find(told) != std::string::npos);
  CHECK(std::chrono::steady_clock::now() - begun < 5s);
  CHECK(executor.execute("one", cold).status == 200);
  CHECK(executor.containers().size() == 1);
}

TEST_CASE(
    "a runtime that dies again and again while starting answers at once, and a fixed one gets through") {
  executor_under_test executor;
  auto broken = executor.cold("hello").with("runtimeEntrypoint", "echo went wrong; exit 3");
  for (int i = 0; i < 3; ++i)
    executor.execute("one", broken);
  auto begun = std::chrono::steady_clock::now();
  auto refused = executor.execute("one", broken);
  CHECK(std::chrono::steady_clock::now() - begun < 100ms);
  CHECK(refused.string("type") == "runtime_failed");
  INFO(refused.text);
  CHECK(refused.string("message").find("times in a row") != std::string::npos);
  CHECK(refused.string("message").find("went wrong") != std::string::npos);
  CHECK(executor.execute("one", executor.cold("hello")).status == 200);
}

TEST_CASE("what is lost of the Engine's state is found by maintenance") {
  executor_under_test executor{"maintenance_interval: 1\n"};
  REQUIRE(executor.execute("one", executor.cold("hello")).status == 200);
  SECTION("a container that nobody owns") {
    output_of("docker run -d --label openruntimes-executor=" + executor.name() +
              " --label openruntimes-runtime-id=stray --name " + executor.name() + "-stray " + node_v5 +
              " tail -f /dev/null");
    CHECK(executor_under_test::soon([&] { return executor.containers().size() == 1; }));
  }
  SECTION("the network") {
    output_of("docker rm -f " + executor.name() + "-one; docker network rm " + executor.name());
    CHECK(executor_under_test::soon(
        [&] { return !output_of("docker network ls -q --filter name=" + executor.name()).empty(); }));
  }
  CHECK(executor.execute("one", executor.cold("hello")).status == 200);
}
