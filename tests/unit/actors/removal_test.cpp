#include "fixture.hpp"

#include <catch2/catch.hpp>

#include <filesystem>

using namespace opr;
using namespace opr::test;
using namespace std::chrono_literals;

namespace {

runtime_request plain_runtime(const std::string& id) {
  runtime_request request;
  request.runtime_id = id;
  request.image = "image:v5";
  request.source = "/storage/code.tar.gz";
  return request;
}

runtime_request build(const std::string& id) {
  auto request = plain_runtime(id);
  request.command = "make";
  request.destination = "/storage/builds";
  return request;
}

} // namespace

TEST_CASE_METHOD(executor_fixture,
                 "a runtime can be deleted in every phase, and all are answered once it is gone") {
  auto creation = create(build("one"));
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

TEST_CASE_METHOD(executor_fixture, "a build stores its archive and stays, or goes if asked to") {
  auto request = build("one");
  SECTION("stays") {}
  SECTION("goes") { request.remove_when_done = true; }
  auto goes = request.remove_when_done;
  auto creation = create(std::move(request));
  launch();
  CHECK(engine.calls.back() == "exec c1");
  answer<int>(engine.executing, 0);
  answer<uint64_t>(storage.storing, 5);
  if (goes) {
    CHECK_FALSE(creation->has_value());
    removed();
    CHECK(nothing_left());
  } else {
    CHECK(runtimes.find("one")->initialised);
  }
  REQUIRE(creation->has_value());
  CHECK((**creation)->size == 5);
  CHECK((**creation)->path.find("/storage/builds/") == 0);
}

TEST_CASE_METHOD(executor_fixture, "a build that fails says why and leaves nothing") {
  auto request = build("one");
  request.version = generation::v2;
  engine.written = "compiling\n";
  auto creation = create(std::move(request));
  launch();
  std::string expected;
  SECTION("by its exit code") {
    answer<int>(engine.executing, 3);
    inspected(true);
    expected = "compiling\nBuild command exited with code 3.";
  }
  SECTION("by a time-out") {
    answer<int>(engine.executing, {ec::deadline_passed, {}});
    expected = "compiling\nBuild command timed out after 600 seconds.";
  }
  SECTION("by the death of its container") {
    dies("one", 137, true);
    answer<int>(engine.executing, 137);
    inspected(true);
    expected = "compiling\nRuntime exited with code 137 (out of memory, its limit is 512 MB).";
  }
  SECTION("by the death of its container, of which no event has told yet") {
    answer<int>(engine.executing, 137);
    inspected(false, 137);
    expected = "compiling\nRuntime exited with code 137.";
  }
  SECTION("by leaving no archive") {
    answer<int>(engine.executing, 0);
    answer<uint64_t>(storage.storing, {ec::source_not_found, {}});
    expected = "compiling\nThe build left no archive code.tar.gz behind.";
  }
  removed();
  REQUIRE(creation->has_value());
  CHECK((*creation)->error().code == ec::build_failed);
  CHECK((*creation)->error().detail == expected);
  CHECK(nothing_left());
}

TEST_CASE_METHOD(executor_fixture, "a long build is not idle") {
  auto creation = create(build("one"));
  launch();
  pass(61s);
  pass(300s);
  CHECK(count("remove") == 0);
}

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
    create(build("one"));
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

TEST_CASE_METHOD(executor_fixture, "a container that dies while its build is stored doesn't cost the build") {
  auto creation = create(build("one"));
  launch();
  answer<int>(engine.executing, 0);
  dies("one", 137);
  answer<uint64_t>(storage.storing, 5);
  REQUIRE(creation->has_value());
  CHECK(creation->value());
  removed();
  CHECK(nothing_left());
}
