#include "actors/executor/quarantine.hpp"
#include "fixture.hpp"

#include <catch2/catch.hpp>

using namespace opr;
using namespace opr::test;
using namespace std::chrono_literals;

namespace {

runtime_request start_of(const std::string& id) {
  runtime_request what;
  what.runtime_id = id;
  what.image = "image:v5";
  what.source = "/storage/code.tar.gz";
  return what;
}

struct crashing {
  quarantine known;
  time_point now{1h};

  void fail(const runtime_request& what) {
    known.failed(what.runtime_id, start_fingerprint(what),
                 {ec::runtime_failed, "Runtime exited with code 3."}, now);
  }
  bool refuses(const runtime_request& what) const { return known.refusal(what, now).has_value(); }
};

} // namespace

TEST_CASE_METHOD(crashing, "one failed start is nobody's quarantine") {
  fail(start_of("one"));
  CHECK_FALSE(refuses(start_of("one")));
}

TEST_CASE_METHOD(crashing, "the quarantine doubles from a second to a minute and tells the last cause") {
  fail(start_of("one"));
  for (auto time : {1s, 2s, 4s, 8s, 16s, 32s, 60s, 60s}) {
    fail(start_of("one"));
    auto why = known.refusal(start_of("one"), now);
    REQUIRE(why);
    CHECK(why->code == ec::runtime_failed);
    CHECK(why->detail.find("Runtime exited with code 3.") != std::string::npos);
    now += time - 1ms;
    CHECK(refuses(start_of("one")));
    now += 1ms;
    CHECK_FALSE(refuses(start_of("one")));
  }
}

TEST_CASE_METHOD(crashing, "a start from something else gets through at once, and counts anew") {
  fail(start_of("one"));
  fail(start_of("one"));
  auto fixed = start_of("one");
  SECTION("another source") { fixed.source = "/storage/fixed.tar.gz"; }
  SECTION("another image") { fixed.image = "image:v5-2"; }
  SECTION("another start line") { fixed.runtime_entrypoint = "sh start.sh"; }
  SECTION("another variable") { fixed.variables.emplace_back("KEY", "value"); }
  SECTION("more memory") { fixed.memory_mb = 1024; }
  CHECK_FALSE(refuses(fixed));
  fail(fixed);
  CHECK_FALSE(refuses(fixed));
}

TEST_CASE_METHOD(crashing, "another runtime isn't meant") {
  fail(start_of("one"));
  fail(start_of("one"));
  CHECK_FALSE(refuses(start_of("two")));
}

TEST_CASE_METHOD(crashing, "a success forgets all, and so does time") {
  fail(start_of("one"));
  fail(start_of("one"));
  SECTION("success") { known.served("one"); }
  SECTION("time") {
    now += 300s;
    known.forget(now);
  }
  fail(start_of("one"));
  CHECK_FALSE(refuses(start_of("one")));
}

TEST_CASE_METHOD(
    executor_fixture,
    "a runtime that dies again and again while starting isn't started for a time, and says why") {
  for (int i = 0; i < 2; ++i) {
    auto got = execute(cold_request("one"));
    launch();
    dies("one", 3);
    removed();
    ports.clear(); // Nobody waits for that one's any more.
    CHECK((*got)->error().detail.find("code 3") != std::string::npos);
  }
  CHECK(count("create") == 2);
  auto refused = execute(cold_request("one"));
  REQUIRE(refused->has_value());
  CHECK((*refused)->error().code == ec::runtime_failed);
  CHECK((*refused)->error().detail.find("2 times in a row") != std::string::npos);
  CHECK((*refused)->error().detail.find("last words") != std::string::npos);
  CHECK(count("create") == 2);
  pass(1s);
  auto again = execute(cold_request("one"));
  CHECK_FALSE(again->has_value());
  launch();
  port_opens();
  http.last->requests.front().answer(200, {}, "better");
  CHECK((**again)->body == "better");
}

TEST_CASE_METHOD(executor_fixture, "a runtime that dies after it has served is started again at once") {
  start_ready_runtime("one");
  for (int i = 0; i < 3; ++i) {
    dies("one", 3);
    removed();
    auto got = execute(cold_request("one"));
    launch();
    port_opens();
    http.last->requests.front().answer(200, {}, "again");
    CHECK((*got)->operator bool());
  }
}

TEST_CASE_METHOD(executor_fixture, "somebody's removal of a starting container is no crash") {
  for (int i = 0; i < 3; ++i) {
    execute(cold_request("one"));
    launch();
    dies("one", -1);
    removed();
  }
  CHECK(count("create") == 3);
}
