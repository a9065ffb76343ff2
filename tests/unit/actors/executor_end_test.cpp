#include "fixture.hpp"

#include <catch2/catch.hpp>

#include <filesystem>

using namespace opr;
using namespace opr::test;
using namespace std::chrono_literals;

TEST_CASE_METHOD(executor_fixture, "the end of the executor removes all runtimes and starts none") {
  start_ready_runtime("one");
  auto ended = drain();
  auto late = execute(cold_request("two"));
  CHECK((*late)->error().code == ec::general_unavailable);
  CHECK_FALSE(ended->has_value());
  removed();
  CHECK(ended->has_value());
  CHECK(nothing_left());
}

namespace {

struct keeping_executor : executor_fixture {
  keeping_executor() : executor_fixture(policy()) {}
  static executor_policy policy() {
    executor_policy policy;
    policy.keep_on_exit = true;
    return policy;
  }
};

} // namespace

TEST_CASE_METHOD(keeping_executor,
                 "an executor that is to keep its runtimes leaves those that serve as they run") {
  start_ready_runtime("one");
  auto ended = drain();
  REQUIRE(ended->has_value());
  CHECK(ended->value());
  CHECK(count("remove") == 0);
  CHECK(std::filesystem::exists(data_dir + "/exec-one/.runtime"));
}

TEST_CASE_METHOD(keeping_executor,
                 "an execution that the executor's end cuts is told so, and its runtime goes on") {
  start_ready_runtime("one");
  auto got = execute(warm_request("one"));
  auto ended = drain();
  REQUIRE(got->has_value());
  CHECK((*got)->error().code == ec::general_unavailable);
  CHECK(ended->has_value());
  CHECK(count("remove") == 0);
}

TEST_CASE_METHOD(keeping_executor,
                 "a call that never comes back holds up the end for half a second at most") {
  start_ready_runtime("one");
  auto way = runtimes.find_route("one");
  auto ended = drain();
  CHECK_FALSE(ended->has_value());
  pass(500ms);
  CHECK(ended->has_value());
}

TEST_CASE_METHOD(keeping_executor, "what is only being started or built isn't kept") {
  SECTION("a start") {
    execute(cold_request("one"));
    fetched();
    created();
    drain();
    started();
    inspected();
  }
  SECTION("a build") {
    create(build_request("one"));
    launch();
    drain();
  }
  removed();
  CHECK(nothing_left());
}

TEST_CASE_METHOD(executor_fixture,
                 "an execution that the executor's end cuts is told that it is the executor's") {
  start_ready_runtime("one");
  auto got = execute(warm_request("one"));
  drain();
  REQUIRE(got->has_value());
  CHECK((*got)->error().code == ec::general_unavailable);
  removed();
}
