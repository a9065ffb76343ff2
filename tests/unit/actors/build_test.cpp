#include "fixture.hpp"

#include <catch2/catch.hpp>

using namespace opr;
using namespace opr::test;
using namespace std::chrono_literals;

TEST_CASE_METHOD(executor_fixture, "a build stores its archive and stays, or goes if asked to") {
  auto request = build_request("one");
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
  auto request = build_request("one");
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
  auto creation = create(build_request("one"));
  launch();
  pass(61s);
  pass(300s);
  CHECK(count("remove") == 0);
}

TEST_CASE_METHOD(executor_fixture, "a container that dies while its build is stored doesn't cost the build") {
  auto creation = create(build_request("one"));
  launch();
  answer<int>(engine.executing, 0);
  dies("one", 137);
  answer<uint64_t>(storage.storing, 5);
  REQUIRE(creation->has_value());
  CHECK(creation->value());
  removed();
  CHECK(nothing_left());
}
