#include "background_load.hpp"
#include "executor_under_test.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <future>

using namespace opr;
using namespace opr::test;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

std::string runtime_name(unsigned turn) { return "r" + std::to_string(turn % 20); }

/// An execution that can't start anything, and whose answer names who was asked.
object greeting(const std::string& name) {
  return object{}.with("path", "/?name=" + name).with("timeout", 20.0);
}

bool greets(const api_answer& answer, const std::string& name) {
  return answer.status == 200 && answer.string("body").find("Hello, " + name + "!") != std::string::npos;
}

void start_all(const executor_under_test& executor, unsigned count) {
  auto cold = executor.cold("hello").with("timeout", 60.0);
  std::vector<std::future<api_answer>> starts;
  for (unsigned i = 0; i < count; ++i)
    starts.push_back(std::async(std::launch::async, [&, i] {
      return executor.execute(runtime_name(i), object{cold}.with("path", "/?name=" + runtime_name(i)));
    }));
  for (unsigned i = 0; i < count; ++i) {
    auto answer = starts[i].get();
    INFO(answer.text);
    REQUIRE(greets(answer, runtime_name(i)));
  }
}

std::vector<std::string> sorted(std::vector<std::string> all) {
  std::sort(all.begin(), all.end());
  return all;
}

} // namespace

TEST_CASE("20 runtimes under load go on in the next life of a killed executor, within a second") {
  executor_under_test executor;
  start_all(executor, 20);
  auto before = sorted(executor.containers());
  REQUIRE(before.size() == 20);

  background_load load{
      4, [&](unsigned turn) { return executor.execute(runtime_name(turn), greeting(runtime_name(turn))); },
      [](unsigned turn, const api_answer& answer) { return greets(answer, runtime_name(turn)); }};
  REQUIRE(executor_under_test::soon([&] { return load.answered() > 100; }, 30s));
  executor.program().send(SIGKILL);
  executor.program().wait_for_exit(10s);
  auto begun = std::chrono::steady_clock::now();
  executor.start();
  CHECK(greets(executor.execute("r0", greeting("r0")), "r0"));
  auto first =
      std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begun);
  auto by_then = load.answered();
  CHECK(executor_under_test::soon([&] { return load.answered() > by_then + 100; }, 30s));
  load.end();

  WARN("the first answer came " << first.count() << " ms after the start");
  CHECK(first < 1s);
  CHECK(load.wrong() == "");
  CHECK(sorted(executor.containers()) == before);
  CHECK(executor.call("GET", "/v1/runtimes").json.Size() == 20);
  for (unsigned i = 0; i < 20; ++i)
    CHECK(greets(executor.execute(runtime_name(i), greeting(runtime_name(i))), runtime_name(i)));
}

TEST_CASE("an execution that runs while its executor is killed isn't killed with it") {
  executor_under_test executor;
  REQUIRE(executor.execute("one", executor.cold("slow").with("path", "/?ms=1")).status == 200);
  auto cut = std::async(std::launch::async, [&] {
    try {
      executor.execute("one", object{}.with("path", "/?ms=2000"));
    } catch (const std::exception&) { // as it must be
    }
  });
  REQUIRE(executor_under_test::soon(
      [&] { return executor.call("GET", "/v1/runtimes/one").number("inFlight") == 1; }));
  executor.restart(SIGKILL);
  cut.get();
  // What it logs is written when it has ended.
  auto logs = executor.data_dir() + "/" + executor.name() + "-one/logs";
  CHECK(executor_under_test::soon([&] { return !fs::is_empty(logs); }));
  CHECK(executor.execute("one", object{}.with("path", "/?ms=1")).status == 200);
}

TEST_CASE("what a killed executor left that doesn't serve is removed by its next life") {
  executor_under_test executor;
  REQUIRE(executor.execute("serves", executor.cold("hello")).status == 200);
  REQUIRE(executor.execute("stopped", executor.cold("hello")).status == 200);
  REQUIRE(executor.execute("forgotten", executor.cold("hello")).status == 200);
  REQUIRE(executor.create(executor.cold("hello").with("runtimeId", "silent")).status == 201);
  auto building = std::async(std::launch::async, [&] {
    try {
      executor.create(executor.cold("hello").with("runtimeId", "build").with("command", "sleep 60"));
    } catch (const std::exception&) { // as it must be
    }
  });
  REQUIRE(executor_under_test::soon([&] { return executor.containers().size() == 5; }));
  executor.program().send(SIGKILL);
  executor.program().wait_for_exit(10s);
  building.get();
  output_of("docker kill " + executor.name() + "-stopped");
  fs::remove_all(executor.data_dir() + "/" + executor.name() + "-forgotten");
  executor.start();
  CHECK(executor.execute("serves").status == 200);
  CHECK(executor_under_test::soon([&] { return executor.containers().size() == 1; }));
  // While they are removed their ids can be used already.
  CHECK(executor.execute("stopped", executor.cold("hello")).status == 200);
}

TEST_CASE("a cold start isn't refused while what was left under its id is removed") {
  executor_under_test executor;
  REQUIRE(
      executor
          .create(executor.cold("hello").with("runtimeId", "one").with("runtimeEntrypoint", "exec sleep 60"))
          .status == 201);
  executor.program().send(SIGKILL);
  executor.program().wait_for_exit(10s);
  output_of("docker kill " + executor.name() + "-one");
  executor.start();
  auto answer = executor.execute("one", executor.cold("hello"));
  INFO(answer.text);
  CHECK(answer.status == 200);
}

TEST_CASE("an executor that keeps its runtimes ends without them, and its next life serves them") {
  executor_under_test executor{"on_exit: keep\n"};
  REQUIRE(executor.execute("one", executor.cold("slow").with("path", "/?ms=1")).status == 200);
  auto before = executor.containers();
  auto running = std::async(std::launch::async,
                            [&] { return executor.execute("one", object{}.with("path", "/?ms=1000")); });
  REQUIRE(executor_under_test::soon(
      [&] { return executor.call("GET", "/v1/runtimes/one").number("inFlight") == 1; }));
  executor.program().send(SIGTERM);
  CHECK(running.get().string("body") == "slept 1000");
  CHECK(executor.program().wait_for_exit(30s).code == 0);
  CHECK(executor.containers() == before);
  executor.start();
  CHECK(executor.execute("one", object{}.with("path", "/?ms=1")).string("body") == "slept 1");
  CHECK(executor.containers() == before);
}
