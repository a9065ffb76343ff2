#include "fixture.hpp"

#include <catch2/catch.hpp>

#include <filesystem>

using namespace opr;
using namespace opr::test;
using namespace std::chrono_literals;

TEST_CASE_METHOD(executor_fixture, "a cold start whose id is just being swept waits for that") {
  engine.listed = {{"c7", "exec-one", "exited", {{owner_label, "exec"}, {runtime_label, "one"}}}};
  sweep();
  auto got = execute(cold_request("one"));
  auto creation = create(plain_runtime("one"));
  CHECK(count("create") == 0);
  removed();
  fetched();
  CHECK(count("create") == 1);
  CHECK_FALSE(got->has_value());
}

TEST_CASE_METHOD(executor_fixture, "a sweep that takes too long is a time-out for who waits for its end") {
  engine.listed = {{"c7", "exec-one", "exited", {{owner_label, "exec"}, {runtime_label, "one"}}}};
  sweep();
  auto got = execute(cold_request("one"));
  pass(15s);
  REQUIRE(got->has_value());
  CHECK((*got)->error().code == ec::runtime_timeout);
}

TEST_CASE_METHOD(executor_fixture, "a container that was left under the runtime's name makes room for it") {
  auto got = execute(cold_request("one"));
  fetched();
  engine.listed = {{"c7", "exec-one", "exited", {{owner_label, "exec"}, {runtime_label, "one"}}}};
  answer<std::string>(engine.creating, {ec::container_conflict, "in use"});
  CHECK(engine.calls.back() == "remove c7");
  removed();
  CHECK(count("create") == 2);
  SECTION("it does") {
    created();
    CHECK_FALSE(got->has_value());
  }
  SECTION("it doesn't: the name is a stranger's") {
    engine.listed.clear();
    answer<std::string>(engine.creating, {ec::container_conflict, "in use"});
    REQUIRE(got->has_value());
    CHECK((*got)->error().code == ec::container_conflict);
  }
}

TEST_CASE_METHOD(executor_fixture, "the sweeper removes what nobody owns, and only of this executor") {
  start_ready_runtime("one");
  engine.listed = {{"c1", "exec-one", "running", {{owner_label, "exec"}, {runtime_label, "one"}}},
                   {"c7", "exec-old", "exited", {{owner_label, "exec"}, {runtime_label, "old"}}}};
  std::filesystem::create_directories(data_dir + "/exec-other-x/src");
  auto swept = sweep();
  CHECK(engine.calls.back() == "remove c7");
  removed();
  CHECK(std::filesystem::exists(data_dir + "/exec-one"));
  CHECK(std::filesystem::exists(data_dir + "/exec-other-x/src"));
}

TEST_CASE_METHOD(executor_fixture, "a round of the sweeper that fails is repeated soon") {
  engine.listed = {{"c7", "exec-old", "exited", {{owner_label, "exec"}, {runtime_label, "old"}}}};
  auto swept = sweep();
  answer<done>(engine.removing, {ec::engine_failed, "device busy"});
  REQUIRE(swept->has_value());
  CHECK_FALSE(swept->value());
  pass(10s);
  CHECK(count("remove c7") == 2);
}
