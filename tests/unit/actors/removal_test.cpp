#include "fixture.hpp"

#include <catch2/catch.hpp>

using namespace opr;
using namespace opr::test;

TEST_CASE_METHOD(executor_fixture,
                 "a runtime can be deleted in every phase, and all are answered once it is gone") {
  auto creation = create(build_request("one"));
  awaited<done> removal;
  SECTION("preparing") {
    removal = remove("one");
    fetched();
  }
  SECTION("creating") {
    fetched();
    removal = remove("one");
    CHECK_FALSE(removal->has_value());
    created();
    removed();
  }
  SECTION("creating, which fails") {
    fetched();
    removal = remove("one");
    answer<std::string>(engine.creating, {ec::engine_failed, "no"});
  }
  SECTION("launching") {
    fetched();
    created();
    removal = remove("one");
    started();
    inspected();
    removed();
  }
  SECTION("building") {
    launch();
    removal = remove("one");
    removed();
  }
  SECTION("storing") {
    launch();
    answer<int>(engine.executing, 0);
    removal = remove("one");
    answer<uint64_t>(storage.storing, 5);
    removed();
  }
  REQUIRE(removal->has_value());
  CHECK(removal->value());
  REQUIRE(creation->has_value());
  CHECK_FALSE(creation->value());
  CHECK((*creation)->error().detail == "The runtime was removed.");
  CHECK(nothing_left());
}

TEST_CASE_METHOD(
    executor_fixture,
    "a call that meets a runtime which is told to stop in the middle of a step waits for its end") {
  auto creation = create(plain_runtime("one"));
  fetched();
  remove("one");
  auto got = execute(cold_request("one"));
  created();
  removed();
  launch();
  port_opens();
  http.last->requests.front().answer(200, {}, "fresh");
  REQUIRE(got->has_value());
  CHECK((**got)->body == "fresh");
}

TEST_CASE_METHOD(executor_fixture, "deleting an unknown runtime is not found") {
  auto removal = remove("one");
  REQUIRE(removal->has_value());
  CHECK((*removal)->error().code == ec::runtime_not_found);
}

TEST_CASE_METHOD(executor_fixture, "deleting twice answers both") {
  start_ready_runtime("one");
  auto first = remove("one");
  auto second = remove("one");
  removed();
  CHECK(first->has_value());
  CHECK(second->has_value());
}

TEST_CASE_METHOD(executor_fixture,
                 "an id is free again after its removal, even when the Engine fails to remove") {
  start_ready_runtime("one");
  auto removal = remove("one");
  answer<done>(engine.removing, {ec::engine_failed, "device busy"});
  REQUIRE(removal->has_value());
  CHECK((*removal)->error().code == ec::general_unavailable);
  auto creation = create(plain_runtime("one"));
  CHECK(count("create") == 1);
  fetched();
  CHECK(count("create") == 2);
}

TEST_CASE_METHOD(executor_fixture, "deleting a runtime in the middle of an execution answers the execution") {
  start_ready_runtime("one");
  auto got = execute(warm_request("one"));
  auto removal = remove("one");
  REQUIRE(got->has_value());
  CHECK((*got)->error().detail == "The runtime was removed.");
}

TEST_CASE_METHOD(executor_fixture, "a create under a taken id is a conflict that says how far the other is") {
  auto first = create(plain_runtime("one"));
  auto early = create(plain_runtime("one"));
  REQUIRE(early->has_value());
  CHECK((*early)->error().code == ec::runtime_conflict);
  CHECK((*early)->error().detail.find("already being created") != std::string::npos);
  launch();
  auto late = create(plain_runtime("one"));
  CHECK((*late)->error().detail.empty());
  CHECK(first->value());
}

TEST_CASE_METHOD(executor_fixture, "a create under the id of a leaving runtime waits until it's gone") {
  start_ready_runtime("one");
  remove("one");
  auto creation = create(plain_runtime("one"));
  CHECK_FALSE(creation->has_value());
  removed();
  launch();
  REQUIRE(creation->has_value());
  CHECK(creation->value());
}
