#include "fixture.hpp"

#include <catch2/catch.hpp>

using namespace opr;
using namespace opr::test;
using namespace std::chrono_literals;

TEST_CASE_METHOD(executor_fixture, "a busy runtime is never removed for idleness") {
  start_ready_runtime("one");
  auto request = warm_request("one");
  request.timeout = 900s;
  auto got = execute(std::move(request));
  pass(61s);
  pass(600s);
  CHECK(count("remove") == 0);
  http.last->requests.front().answer(200, {}, "late");
  CHECK(got->has_value());
}

TEST_CASE_METHOD(executor_fixture, "an idle runtime is out of the routing before it is removed") {
  start_ready_runtime("one");
  pass(61s);
  CHECK(engine.calls.back() == "remove c1");
  CHECK(runtimes.list().empty());
  removed();
  CHECK(nothing_left());
}

TEST_CASE_METHOD(executor_fixture, "executions that fail to reach a runtime don't keep it from being idle") {
  start_ready_runtime("one");
  for (int i = 0; i < 5; ++i) {
    pass(11s);
    execute(warm_request("one"));
    connection_fails(ec::connection_broken);
    pass(1s);
  }
  CHECK(count("remove") == 1);
}

TEST_CASE_METHOD(executor_fixture, "a call that meets a leaving runtime gets a fresh one") {
  start_ready_runtime("one");
  pass(61s);
  auto got = execute(cold_request("one"));
  CHECK(count("create") == 1);
  removed();
  launch();
  port_opens();
  http.last->requests.front().answer(200, {}, "fresh");
  REQUIRE(got->has_value());
  CHECK((**got)->body == "fresh");
}

TEST_CASE_METHOD(executor_fixture, "a call that waits for a runtime to leave times out in time") {
  start_ready_runtime("one");
  pass(61s);
  auto got = execute(cold_request("one"));
  pass(15s);
  REQUIRE(got->has_value());
  CHECK((*got)->error().code == ec::runtime_timeout);
}

TEST_CASE_METHOD(executor_fixture,
                 "a container that dies in the middle of an execution is named with its exit code") {
  start_ready_runtime("one");
  auto got = execute(warm_request("one"));
  SECTION("the connection breaks first") {
    connection_fails(ec::connection_broken);
    CHECK_FALSE(got->has_value());
    dies("one", 137, true);
  }
  SECTION("the event comes first") {
    dies("one", 137, true);
    removed();
  }
  REQUIRE(got->has_value());
  CHECK((*got)->error().code == ec::runtime_failed);
  CHECK((*got)->error().detail.find("137 (out of memory, its limit is 512 MB)") != std::string::npos);
}

TEST_CASE_METHOD(executor_fixture,
                 "a broken connection of a container that lives on is answered without waiting long") {
  start_ready_runtime("one");
  auto got = execute(warm_request("one"));
  connection_fails(ec::connection_broken);
  pass(500ms);
  REQUIRE(got->has_value());
  CHECK((*got)->error().code == ec::runtime_failed);
  CHECK(runtimes.find("one"));
}

TEST_CASE_METHOD(executor_fixture, "an execution that may have been received is never sent again") {
  start_ready_runtime("one");
  auto got = execute(warm_request("one"));
  connection_fails(ec::connection_broken);
  pass(10s);
  CHECK(http.last->requests.empty());
}

TEST_CASE_METHOD(executor_fixture, "an execution that was refused waits for the port and is sent again") {
  start_ready_runtime("one");
  auto got = execute(warm_request("one"));
  connection_fails(ec::connect_failed);
  CHECK(ports.front().deadline == now() + 2500ms);
  port_opens();
  http.last->requests.front().answer(200, {}, "again");
  REQUIRE(got->has_value());
  CHECK((**got)->body == "again");
}

TEST_CASE_METHOD(executor_fixture, "refusals are retried for a limited time only") {
  start_ready_runtime("one");
  auto got = execute(warm_request("one"));
  auto begun = now();
  while (!got->has_value() && now() < begun + 10s) {
    if (!http.last->requests.empty()) {
      connection_fails(ec::connect_failed);
    }
    if (!ports.empty())
      port_opens();
    pass(100ms);
  }
  REQUIRE(got->has_value());
  CHECK((*got)->error().code == ec::runtime_failed);
  CHECK(now() - begun <= 2700ms);
}

TEST_CASE_METHOD(executor_fixture, "an execution that was never sent survives the death of its runtime") {
  start_ready_runtime("one");
  auto got = execute(cold_request("one"));
  connection_fails(ec::connect_failed);
  dies("one", 1);
  removed();
  ports.clear();
  launch();
  port_opens();
  http.last->requests.front().answer(200, {}, "fresh");
  REQUIRE(got->has_value());
  CHECK((**got)->body == "fresh");
}

TEST_CASE_METHOD(executor_fixture, "lost events are made up for by a look at the container") {
  start_ready_runtime("one");
  verify();
  SECTION("it runs") {
    inspected(true);
    CHECK(runtimes.find("one"));
  }
  SECTION("it has ended") {
    inspected(false, 1);
    CHECK_FALSE(runtimes.find("one"));
  }
  SECTION("it is gone") {
    answer<docker::container_state>(engine.inspecting, {ec::container_not_found, "gone"});
    CHECK_FALSE(runtimes.find("one"));
  }
  SECTION("the Engine doesn't know") {
    answer<docker::container_state>(engine.inspecting, {ec::engine_unreachable, "away"});
    CHECK(runtimes.find("one"));
  }
}

TEST_CASE_METHOD(executor_fixture, "a container that is only being started is not taken for dead") {
  execute(cold_request("one"));
  fetched();
  created();
  verify();
  CHECK(count("inspect") == 0);
}

TEST_CASE_METHOD(executor_fixture, "a death of somebody else's container changes nothing") {
  start_ready_runtime("one");
  dies("one", 1, false, "another");
  CHECK(runtimes.find("one"));
}

TEST_CASE_METHOD(executor_fixture, "a late function is a time-out of the right kind") {
  auto request = cold_request("one");
  auto expected = ec::runtime_timeout;
  SECTION("v5") {}
  SECTION("v2") {
    request.runtime.version = generation::v2;
    expected = ec::execution_timeout;
  }
  auto got = execute(std::move(request));
  launch();
  port_opens();
  connection_fails(ec::deadline_passed);
  REQUIRE(got->has_value());
  CHECK((*got)->error().code == expected);
}

TEST_CASE_METHOD(executor_fixture, "a busy runtime that refuses new connections is not removed") {
  start_ready_runtime("one");
  auto running = execute(warm_request("one"));
  auto refused = execute(warm_request("one"));
  std::swap(http.last->requests[0], http.last->requests[1]);
  connection_fails(ec::connect_failed);
  ports.front().found({ec::deadline_passed, {}});
  run();
  REQUIRE(refused->has_value());
  CHECK((*refused)->error().code == ec::runtime_failed);
  CHECK(count("remove") == 0);
  http.last->requests.front().answer(200, {}, "done");
  CHECK(running->has_value());
}

TEST_CASE_METHOD(executor_fixture, "a warm execution needs no actor but when it breaks") {
  start_ready_runtime("one");
  auto got = dispatch(warm_request("one"));
  REQUIRE(http.last->requests.size() == 1);
  http.last->requests.front().answer(200, {}, "warm");
  REQUIRE(got->has_value());
  CHECK((**got)->body == "warm");
}

TEST_CASE_METHOD(executor_fixture, "an execution waits with the others while a port is away") {
  start_ready_runtime("one");
  auto first = execute(warm_request("one"));
  connection_fails(ec::connect_failed);
  auto second = dispatch(warm_request("one"));
  CHECK(http.last->requests.empty());
  run();
  port_opens();
  CHECK(http.last->requests.size() == 2);
}

TEST_CASE_METHOD(executor_fixture, "an execution that is dispatched to nobody starts a runtime") {
  auto got = dispatch(cold_request("one"));
  run();
  launch();
  port_opens();
  CHECK(http.last->requests.size() == 1);
}

TEST_CASE_METHOD(executor_fixture, "a dispatched execution keeps its runtime from being idle") {
  start_ready_runtime("one");
  auto request = warm_request("one");
  request.timeout = 900s;
  auto got = dispatch(std::move(request));
  pass(61s);
  CHECK(count("remove") == 0);
}
