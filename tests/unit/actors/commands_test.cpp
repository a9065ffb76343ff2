#include "fixture.hpp"

#include <catch2/catch.hpp>

using namespace opr;
using namespace opr::test;
using namespace std::chrono_literals;

TEST_CASE_METHOD(executor_fixture, "a command in a live runtime answers its output") {
  start_ready_runtime("one");
  engine.written = "hello";
  auto got = command("one", "echo hello", 10s);
  answer<int>(engine.executing, 0);
  REQUIRE(got->has_value());
  CHECK(***got == "hello");
}

TEST_CASE_METHOD(executor_fixture, "a command that fails says its output and its exit code") {
  start_ready_runtime("one");
  engine.written = "no such thing";
  auto got = command("one", "false", 10s);
  answer<int>(engine.executing, 3);
  REQUIRE(got->has_value());
  CHECK((*got)->error().code == ec::command_failed);
  CHECK((*got)->error().detail == "no such thing\nCommand exited with code 3.");
}

TEST_CASE_METHOD(executor_fixture,
                 "a command whose time is over is killed in the container before it is answered") {
  start_ready_runtime("one");
  auto got = command("one", "sleep 60", 2s);
  answer<int>(engine.executing, {ec::deadline_passed, {}});
  CHECK_FALSE(got->has_value());
  CHECK(count("exec") == 2);
  answer<int>(engine.executing, 0);
  REQUIRE(got->has_value());
  CHECK((*got)->error().code == ec::command_timeout);
}

TEST_CASE_METHOD(executor_fixture, "a command of an unknown runtime is not found") {
  auto got = command("one", "true", 10s);
  REQUIRE(got->has_value());
  CHECK((*got)->error().code == ec::runtime_not_found);
}

TEST_CASE_METHOD(executor_fixture,
                 "a command waits until the container runs, at most as long as it may take") {
  execute(cold_request("one"));
  auto patient = command("one", "true", 60s);
  auto hasty = command("one", "true", 2s);
  fetched();
  pass(2s);
  REQUIRE(hasty->has_value());
  CHECK((*hasty)->error().code == ec::command_timeout);
  created();
  started();
  inspected();
  CHECK(count("exec") == 1);
  answer<int>(engine.executing, 0);
  CHECK(patient->has_value());
}

TEST_CASE_METHOD(executor_fixture, "a runtime that runs a command isn't idle") {
  start_ready_runtime("one");
  auto got = command("one", "sleep 100", 600s);
  pass(120s);
  CHECK(count("remove") == 0);
  answer<int>(engine.executing, 0);
  pass(60s);
  CHECK(count("remove") == 1);
}

TEST_CASE_METHOD(executor_fixture, "output over the limit is cut and says so") {
  start_ready_runtime("one");
  engine.written = std::string(max_build_output + 10, 'x');
  auto got = command("one", "yes", 10s);
  answer<int>(engine.executing, 0);
  REQUIRE(got->has_value());
  CHECK((***got).size() < max_build_output + 100);
  CHECK((***got).find("truncated") != std::string::npos);
}
