#include "actors/executor/limits.hpp"
#include "fixture.hpp"

#include <catch2/catch.hpp>

using namespace opr;
using namespace opr::test;
using namespace std::chrono_literals;

namespace {

executor_policy with_limits(room limits) {
  executor_policy policy;
  policy.limits = limits;
  return policy;
}

struct one_runtime : executor_fixture {
  one_runtime() : executor_fixture(with_limits({1, 0})) {}
};

struct little_memory : executor_fixture {
  little_memory() : executor_fixture(with_limits({0, 1000})) {}
};

struct two_executions : executor_fixture {
  two_executions() : executor_fixture({}, 2) {}
};

struct one_build : executor_fixture {
  one_build() : executor_fixture({}, 0, 1) {}
};

struct short_queue : executor_fixture {
  short_queue()
      : executor_fixture([] {
          executor_policy policy;
          policy.max_queue = 1;
          return policy;
        }()) {}

  /// A runtime that serves one execution at once, and nobody.
  void start_exclusive_runtime() {
    auto request = cold_request("one");
    request.runtime.concurrency = 1;
    execute(std::move(request));
    launch();
    port_opens();
    answer_oldest("first");
  }
  void answer_oldest(const std::string& body) {
    auto call = std::move(http.last->requests.front());
    http.last->requests.pop_front();
    call.answer(200, {}, body);
    run();
  }
};

const failure& why(const awaited<execution_result>& got) {
  REQUIRE(got->has_value());
  REQUIRE_FALSE(**got);
  return (*got)->error();
}

} // namespace

TEST_CASE_METHOD(two_executions,
                 "more executions than may be in flight are refused, and the limit is named") {
  start_ready_runtime("one");
  auto first = dispatch(warm_request("one"));
  dispatch(warm_request("one"));
  auto third = dispatch(warm_request("one"));
  CHECK(why(third).code == ec::limit_reached);
  CHECK_THAT(why(third).detail, Catch::Contains("max_executions"));
  CHECK(refused(bound::executions) == 1);
  http.last->requests.front().answer(200, {}, "done");
  CHECK(first->has_value());
  CHECK_FALSE(dispatch(warm_request("one"))->has_value());
  CHECK(refused(bound::executions) == 1);
}

TEST_CASE_METHOD(short_queue, "a runtime serves as many executions at once as its request allows") {
  start_exclusive_runtime();
  auto served = dispatch(warm_request("one"));
  auto waits = dispatch(warm_request("one"));
  run();
  CHECK(http.last->requests.size() == 1);
  answer_oldest("served");
  CHECK(served->has_value());
  REQUIRE(http.last->requests.size() == 1);
  answer_oldest("waited");
  REQUIRE(waits->has_value());
  CHECK((**waits)->body == "waited");
}

TEST_CASE_METHOD(short_queue, "a runtime's queue is bounded, and who waits in it has a deadline") {
  start_exclusive_runtime();
  dispatch(warm_request("one"));
  auto waits = dispatch(warm_request("one"));
  run();
  auto too_many = dispatch(warm_request("one"));
  run();
  CHECK(why(too_many).code == ec::limit_reached);
  CHECK(refused(bound::concurrency) == 1);
  pass(15s);
  CHECK(why(waits).code == ec::runtime_timeout);
}

TEST_CASE_METHOD(one_runtime, "the runtime that was unused longest makes room for another one") {
  start_ready_runtime("one");
  auto got = execute(cold_request("two"));
  CHECK(engine.calls.back() == "remove c1");
  CHECK(count("create") == 1);
  removed();
  launch();
  port_opens();
  http.last->requests.back().answer(200, {}, "made room");
  CHECK(got->has_value());
}

TEST_CASE_METHOD(one_runtime, "all callers of a runtime that waits for room share its start") {
  start_ready_runtime("one");
  auto first = execute(cold_request("two"));
  auto second = execute(cold_request("two"));
  removed();
  launch();
  port_opens();
  CHECK(http.last->requests.size() == 2);
  CHECK(count("create") == 2);
}

TEST_CASE_METHOD(one_runtime, "a busy runtime makes no room: the next one is refused at once") {
  start_ready_runtime("one");
  execute(warm_request("one"));
  auto got = execute(cold_request("two"));
  CHECK(why(got).code == ec::limit_reached);
  CHECK_THAT(why(got).detail, Catch::Contains("max_runtimes"));
  CHECK(refused(bound::runtimes) == 1);
  CHECK(count("remove") == 0);
}

TEST_CASE_METHOD(one_runtime, "who waits for room in vain is told so in time") {
  start_ready_runtime("one");
  auto got = execute(cold_request("two"));
  pass(15s); // the Engine doesn't answer
  CHECK(why(got).code == ec::limit_reached);
}

TEST_CASE_METHOD(little_memory, "runtimes have no more memory together than they may") {
  start_ready_runtime("one"); // 512 MB
  auto request = cold_request("two");
  request.runtime.memory_mb = 2000;
  CHECK(why(execute(request)).code == ec::limit_reached);
  CHECK(count("remove") == 0);
  execute(cold_request("three"));
  CHECK(count("remove") == 1);
}

TEST_CASE_METHOD(one_build, "more builds than may be in flight are refused") {
  runtime_request build;
  build.runtime_id = "one";
  build.image = "image";
  build.command = "make";
  start_build(build);
  build.runtime_id = "two";
  auto got = create(build);
  REQUIRE(got->has_value());
  CHECK((*got)->error().code == ec::limit_reached);
  CHECK(refused(bound::builds) == 1);
  build.command = {};
  build.runtime_id = "three";
  CHECK_FALSE(create(build)->has_value()); // is no build
}
