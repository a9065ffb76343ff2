#include "fixture.hpp"

#include <catch2/catch.hpp>

using namespace opr;
using namespace opr::test;
using namespace std::chrono_literals;

namespace {

docker::container_event event_of(const std::string& action, int64_t time = 1000) {
  return {action, "c1", {{runtime_label, "one"}, {owner_label, "exec"}, {"exitCode", "137"}}, time};
}

} // namespace

TEST_CASE_METHOD(executor_fixture, "a death that the Engine tells reaches the runtime, with the reason") {
  watch();
  engine.events.on_open();
  start_ready_runtime("one");
  auto got = execute(warm_request("one"));
  engine.events.on_event(event_of("oom"));
  engine.events.on_event(event_of("die"));
  run();
  REQUIRE(got->has_value());
  CHECK((*got)->error().detail.find("out of memory") != std::string::npos);
}

TEST_CASE_METHOD(executor_fixture, "the executor knows whether the Engine answers") {
  watch();
  CHECK_FALSE(engine_answers());
  engine.events.on_open();
  CHECK(engine_answers());
  engine.events.on_end({ec::engine_unreachable, "gone"});
  run();
  CHECK_FALSE(engine_answers());
}

TEST_CASE_METHOD(executor_fixture, "after a loss the watcher connects again and catches up") {
  watch();
  engine.events.on_open();
  engine.events.on_event(event_of("start", 1000));
  engine.events.on_end({ec::engine_unreachable, "gone"});
  run();
  CHECK(count("watch") == 1);
  pass(100ms);
  CHECK(engine.calls.back() == "watch 1001");
}

TEST_CASE_METHOD(executor_fixture,
                 "tries to connect come more and more seldom, but not more than 1 s apart") {
  watch();
  for (int i = 0; i < 10; ++i) {
    engine.events.on_end({ec::engine_unreachable, "gone"});
    run();
    pass(1s);
  }
  CHECK(count("watch") == 11);
  engine.events.on_end({ec::engine_unreachable, "gone"});
  run();
  pass(900ms);
  CHECK(count("watch") == 11);
}

TEST_CASE_METHOD(executor_fixture, "a connection makes sure of the networks and looks after the runtimes") {
  start_ready_runtime("one");
  watch();
  engine.events.on_open();
  run();
  CHECK(count("network net") == 1);
  CHECK(count("list") == 1);
  CHECK(count("inspect") == 2);
}

TEST_CASE_METHOD(executor_fixture, "an Engine that hangs with its stream open is noticed") {
  watch();
  engine.events.on_open();
  engine.hangs = true;
  pass(5s);
  CHECK(engine.stream_cancelled);
}

TEST_CASE_METHOD(executor_fixture, "a container that somebody pauses or removes is known at once") {
  watch();
  engine.events.on_open();
  start_ready_runtime("one");
  auto got = execute(warm_request("one"));
  auto [action, told] = GENERATE(table<std::string, std::string>({{"pause", "paused"}, {"destroy", "gone"}}));
  engine.events.on_event(event_of(action));
  run();
  REQUIRE(got->has_value());
  CHECK((*got)->error().code == ec::runtime_failed);
  CHECK((*got)->error().detail.find(told) != std::string::npos);
  CHECK_FALSE(runtimes.find("one"));
  auto next = execute(cold_request("one"));
  removed();
  launch();
  port_opens();
  http.last->requests.front().answer(200, {}, "fresh");
  CHECK((**next)->body == "fresh");
}

TEST_CASE_METHOD(executor_fixture,
                 "a build in a container that somebody pauses doesn't wait for its time-out") {
  watch();
  engine.events.on_open();
  runtime_request request;
  request.runtime_id = "one";
  auto creation = start_build(std::move(request));
  engine.events.on_event(event_of("pause"));
  run();
  removed();
  REQUIRE(creation->has_value());
  CHECK((*creation)->error().detail.find("paused") != std::string::npos);
}

TEST_CASE_METHOD(executor_fixture, "the table is compared with the Engine every maintenance interval") {
  watch();
  engine.events.on_open();
  start_ready_runtime("one");
  auto way = runtimes.find_route("one"); // in use, so not idle
  engine.calls.clear();
  pass(3600s);
  CHECK(count("network net") == 1);
  CHECK(count("inspect c1") == 1);
  CHECK(count("list") == 1);
}
