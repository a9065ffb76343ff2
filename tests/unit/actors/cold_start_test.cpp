#include "fixture.hpp"

#include <catch2/catch.hpp>

using namespace opr;
using namespace opr::test;
using namespace std::chrono_literals;

TEST_CASE_METHOD(executor_fixture, "all callers of one cold runtime share one start", "[supervisor]") {
  auto first = execute(cold_request("one"));
  auto second = execute(cold_request("one"));
  auto third = execute(warm_request("one"));
  launch();
  port_opens();
  CHECK(count("create") == 1);
  CHECK(http.last->requests.size() == 3);
}

TEST_CASE_METHOD(executor_fixture,
                 "an execution without image or source of an unknown runtime is not found") {
  auto got = execute(warm_request("one"));
  REQUIRE(got->has_value());
  CHECK((*got)->error().code == ec::runtime_not_found);
  CHECK(engine.calls.empty());
}

TEST_CASE_METHOD(executor_fixture, "an answer reaches the caller and counts as use") {
  auto got = execute(cold_request("one"));
  launch();
  port_opens();
  pass(40s);
  http.last->requests.front().answer(200, {{"x-a", "1"}, {"x-open-runtimes-log-id", "../x"}}, "hello");
  REQUIRE(got->has_value());
  CHECK((**got)->body == "hello");
  CHECK((**got)->headers.size() == 1);
  pass(59s);
  CHECK(count("remove") == 0);
  pass(1s);
  CHECK(count("remove") == 1);
}

TEST_CASE_METHOD(executor_fixture,
                 "a caller whose time runs out while the runtime starts gets a time-out, the start goes on") {
  auto request = cold_request("one");
  request.timeout = 2s;
  auto got = execute(std::move(request));
  fetched();
  pass(2s);
  REQUIRE(got->has_value());
  CHECK((*got)->error().code == ec::runtime_timeout);
  created();
  started();
  inspected();
  CHECK(runtimes.find("one")->initialised);
}

TEST_CASE_METHOD(executor_fixture, "every failing step of a start answers the callers and leaves nothing") {
  auto got = execute(cold_request("one"));
  SECTION("the source is missing") { answer<done>(storage.fetching, {ec::source_not_found, "no such file"}); }
  SECTION("the image is missing and can't be pulled") {
    fetched();
    answer<std::string>(engine.creating, {ec::image_not_found, "no such image"});
    answer<done>(engine.pulling, {ec::image_not_found, "manifest unknown"});
  }
  SECTION("the start fails") {
    fetched();
    created();
    answer<done>(engine.starting, {ec::engine_failed, "no such network"});
    removed();
  }
  SECTION("the container is gone before it is looked at") {
    fetched();
    created();
    started();
    answer<docker::container_state>(engine.inspecting, {ec::container_not_found, "gone"});
    removed();
  }
  SECTION("the container ends at once") {
    fetched();
    created();
    started();
    inspected(false, 3);
    removed();
  }
  SECTION("the port never opens") {
    launch();
    ports.front().found({ec::deadline_passed, {}});
    run();
    removed();
  }
  SECTION("the container dies before it listens") {
    launch();
    dies("one", 1);
    removed();
  }
  REQUIRE(got->has_value());
  CHECK_FALSE(got->value());
  CHECK(nothing_left());
}

TEST_CASE_METHOD(executor_fixture, "a runtime that dies while starting says its exit code and last words") {
  auto got = execute(cold_request("one"));
  launch();
  dies("one", 134);
  ports.front().found({ec::cancelled, "as the probe says when the removal cancels it"});
  run();
  removed();
  REQUIRE(got->has_value());
  CHECK((*got)->error().code == ec::runtime_failed);
  CHECK((*got)->error().detail.find("code 134") != std::string::npos);
  CHECK((*got)->error().detail.find("last words") != std::string::npos);
}

TEST_CASE_METHOD(executor_fixture, "a container that someone else's name blocks is not removed") {
  auto got = execute(cold_request("one"));
  fetched();
  answer<std::string>(engine.creating, {ec::container_conflict, "in use"});
  answer<std::string>(engine.creating, {ec::container_conflict, "in use"});
  CHECK(count("remove") == 0);
  CHECK(got->has_value());
}

TEST_CASE_METHOD(executor_fixture, "a container whose creation's answer was lost is removed by its labels") {
  engine.listed = {{"c9", "exec-one", "created", {{owner_label, "exec"}, {runtime_label, "one"}}},
                   {"c8", "exec-two", "running", {{owner_label, "exec"}, {runtime_label, "two"}}}};
  auto got = execute(cold_request("one"));
  fetched();
  answer<std::string>(engine.creating, {ec::deadline_passed, "slow"});
  CHECK(engine.calls.back() == "remove c9");
  removed();
  CHECK(got->has_value());
}

TEST_CASE_METHOD(executor_fixture, "no more containers are started at once than configured") {
  auto first = execute(cold_request("one"));
  auto second = execute(cold_request("two"));
  auto third = execute(cold_request("three"));
  fetched();
  fetched();
  fetched();
  CHECK(count("create") == 2);
  created();
  started();
  inspected();
  CHECK(count("create") == 3);
}

TEST_CASE_METHOD(executor_fixture, "a start that fails gives its permit to the next") {
  auto first = execute(cold_request("one"));
  auto second = execute(cold_request("two"));
  auto third = execute(cold_request("three"));
  fetched();
  fetched();
  fetched();
  answer<std::string>(engine.creating, {ec::image_not_found, "no such image"});
  CHECK(count("create") == 3);
}

TEST_CASE_METHOD(executor_fixture,
                 "a start is given up at the later of its caller's deadline and the idle threshold") {
  auto request = cold_request("one");
  SECTION("an impatient caller leaves the runtime the idle threshold") {
    request.timeout = 2s;
    auto got = execute(request);
    auto begun = now();
    launch();
    CHECK(ports.front().deadline == begun + 60s);
  }
  SECTION("a patient caller gets all of his time") {
    request.timeout = 300s;
    auto got = execute(request);
    auto begun = now();
    launch();
    CHECK(ports.front().deadline == begun + 300s);
  }
}

TEST_CASE_METHOD(executor_fixture, "a caller who has left is not executed for") {
  auto got = execute(cold_request("one"));
  auto left = execute(warm_request("one"), [] { return true; });
  launch();
  port_opens();
  CHECK(http.last->requests.size() == 1);
}
