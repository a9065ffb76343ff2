#include "actors/executor/runtime_record.hpp"
#include "actors/executor/workspace.hpp"
#include "fixture.hpp"

#include <catch2/catch.hpp>

#include <filesystem>

using namespace opr;
using namespace opr::test;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

/// What an earlier life has left of a runtime.
struct left_behind {
  runtime_record record;
  docker::container_summary listed;
  docker::container_state state;
};

left_behind runtime_one() {
  left_behind left;
  left.record.executor = "exec";
  left.record.runtime_id = "one";
  left.record.hostname = "feed";
  left.record.secret = "5ec2e7";
  left.record.network = "net";
  left.record.image = "image:v5";
  left.record.created = 1000;
  left.record.cpus = 2;
  left.record.memory_mb = 64;
  left.listed = {"c1", "exec-one", "running", {{owner_label, "exec"}, {runtime_label, "one"}}};
  left.state.id = "c1";
  left.state.hostname = "feed";
  left.state.status = "running";
  left.state.running = true;
  left.state.pid = 42;
  left.state.ip_addresses["net"] = "172.18.0.9";
  return left;
}

struct next_life : executor_fixture {
  using executor_fixture::executor_fixture;

  void leave(const left_behind& what) {
    auto folders = folders_of(data_dir, "exec", what.record.runtime_id);
    REQUIRE(make_folders(folders, "exec", what.record.runtime_id));
    REQUIRE(write_record(folders, what.record));
    engine.listed.push_back(what.listed);
  }
  void answer_inspection(result<docker::container_state> found) {
    answer<docker::container_state>(engine.inspecting, std::move(found));
  }
  /// The container is in the table; its port hasn't answered yet.
  void adopt_one() {
    auto left = runtime_one();
    leave(left);
    start_next_life();
    answer_inspection(left.state);
    answer_inspection(left.state); // Events may have been lost meanwhile.
  }
};

struct next_life_with_v5 : next_life {
  next_life_with_v5() : next_life(policy()) {}
  static executor_policy policy() {
    executor_policy policy;
    policy.generations = {generation::v5};
    return policy;
  }
};

} // namespace

TEST_CASE_METHOD(next_life, "a container that an earlier life left is served as it runs, with its secret") {
  adopt_one();
  auto got = execute(warm_request("one"));
  CHECK(ports.front().where.host == "172.18.0.9");
  port_opens();
  REQUIRE(http.last->requests.size() == 1);
  CHECK(http.last->requests.front().request.more_headers.find("x-open-runtimes-secret: 5ec2e7\r\n") !=
        std::string::npos);
  http.last->requests.front().answer(200, {}, "still here");
  REQUIRE(got->has_value());
  CHECK((**got)->body == "still here");
  CHECK(count("create") == 0);
  CHECK(count("remove") == 0);
}

TEST_CASE_METHOD(next_life, "an adopted runtime is listed as it was") {
  adopt_one();
  port_opens();
  auto facts = runtimes.find("one");
  REQUIRE(facts);
  CHECK(facts->name == "exec-one");
  CHECK(facts->hostname == "feed");
  CHECK(facts->image == "image:v5");
  CHECK(facts->version == "v5");
  CHECK(facts->created == 1000);
  CHECK(facts->initialised);
  CHECK(facts->listening);
  CHECK(facts->status.find("Up ") == 0);
  auto containers = runtimes.containers();
  REQUIRE(containers.size() == 1);
  CHECK(containers.front().pid == 42);
  CHECK(containers.front().cpus == 2);
}

TEST_CASE_METHOD(next_life, "the executor is ready when all that can be adopted is in the table") {
  auto left = runtime_one();
  leave(left);
  auto ready = start_next_life();
  CHECK_FALSE(ready->has_value());
  answer_inspection(left.state);
  CHECK(ready->has_value());
  CHECK(runtimes.find("one"));
}

TEST_CASE_METHOD(next_life, "an adopted runtime becomes idle, and is removed with its folders") {
  adopt_one();
  port_opens();
  pass(61s);
  CHECK(engine.calls.back() == "remove c1");
  removed();
  CHECK(nothing_left());
}

TEST_CASE_METHOD(next_life, "what can't be adopted is removed") {
  auto left = runtime_one();
  bool is_inspected = false;
  SECTION("it was made to build") { left.record.builds = true; }
  SECTION("it has ended") { left.listed.state = "exited"; }
  SECTION("it is paused") { left.listed.state = "paused"; }
  SECTION("its network isn't configured any more") { left.record.network = "old"; }
  SECTION("its container has another's name") { left.listed.name = "exec-two"; }
  SECTION("it has been paused since") {
    left.state.status = "paused";
    is_inspected = true;
  }
  SECTION("the record is another container's") {
    left.state.hostname = "cafe";
    is_inspected = true;
  }
  SECTION("it has no address") {
    left.state.ip_addresses.clear();
    is_inspected = true;
  }
  leave(left);
  auto ready = start_next_life();
  if (is_inspected)
    answer_inspection(left.state);
  CHECK(ready->has_value());
  CHECK(count("remove c1") == 1);
  removed();
  CHECK(nothing_left());
}

TEST_CASE_METHOD(next_life, "a container without a record is removed") {
  engine.listed.push_back(runtime_one().listed);
  start_next_life();
  CHECK(count("remove c1") == 1);
  CHECK(count("inspect") == 0);
}

TEST_CASE_METHOD(next_life_with_v5, "a runtime of a generation that isn't served any more is removed") {
  auto left = runtime_one();
  left.record.version = generation::v3;
  leave(left);
  start_next_life();
  CHECK(count("remove c1") == 1);
}

TEST_CASE_METHOD(next_life,
                 "an adopted runtime that doesn't listen is replaced, and its callers don't notice") {
  adopt_one();
  auto got = execute(cold_request("one"));
  auto wait = std::move(ports.front());
  ports.pop_front();
  wait.found({ec::deadline_passed, {}});
  run();
  CHECK(engine.calls.back() == "remove c1");
  removed();
  CHECK_FALSE(got->has_value());
  launch();
  port_opens();
  http.last->requests.front().answer(200, {}, "fresh");
  CHECK((**got)->body == "fresh");
}

TEST_CASE_METHOD(next_life, "nothing is swept before all that was left could be looked at") {
  auto left = runtime_one();
  leave(left);
  auto ready = start_next_life();
  answer_inspection({ec::engine_failed, "too busy"});
  CHECK(ready->has_value());
  CHECK(count("remove") == 0);
  sweep();
  CHECK(count("remove") == 0);
  pass(5s);
  answer_inspection(left.state);
  CHECK(runtimes.find("one"));
  CHECK(count("remove") == 0);
}

TEST_CASE_METHOD(next_life,
                 "an Engine that isn't there doesn't hold up the start, and is looked at when it is") {
  auto left = runtime_one();
  leave(left);
  auto ready = start_next_life(ec::engine_unreachable);
  CHECK(ready->has_value());
  CHECK_FALSE(runtimes.find("one"));
  pass(100ms);
  engine.events.on_open();
  run();
  answer_inspection(left.state);
  CHECK(runtimes.find("one"));
  CHECK(count("remove") == 0);
}

TEST_CASE_METHOD(next_life, "what a start of this life leaves goes also while nothing else may be swept") {
  leave(runtime_one());
  start_next_life(ec::engine_unreachable);
  engine.listed.push_back({"c2", "exec-two", "created", {{owner_label, "exec"}, {runtime_label, "two"}}});
  execute(cold_request("two"));
  fetched();
  answer<std::string>(engine.creating, {ec::engine_unreachable, "gone"});
  answer<done>(engine.removing, {ec::engine_unreachable, "gone"});
  CHECK(count("remove c2") == 2);
  removed();
  CHECK_FALSE(fs::exists(data_dir + "/exec-two"));
  CHECK(fs::exists(data_dir + "/exec-one"));
  CHECK(count("remove c1") == 0);
}

TEST_CASE_METHOD(executor_fixture, "a start of a container leaves a record of it that nobody else can read") {
  start_ready_runtime("one");
  auto record = read_record(folders_of(data_dir, "exec", "one"), "exec", "one");
  REQUIRE(record);
  CHECK(record->hostname == engine.last_spec.hostname);
  CHECK(record->network == "net");
  CHECK_FALSE(record->builds);
  CHECK(fs::status(data_dir + "/exec-one/.runtime").permissions() ==
        (fs::perms::owner_read | fs::perms::owner_write));
}
