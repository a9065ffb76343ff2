#include "actors/proxy/dispatch.hpp"
#include "fixture.hpp"

#include <catch2/catch.hpp>

using namespace opr;
using namespace opr::test;
using namespace std::chrono_literals;

namespace {

using texts = std::vector<std::string>;

const std::string here = "10.0.0.1:80";

struct node_fixture : proxy_fixture {
  /// One executor, which has passed its first health check.
  void start_online() {
    start({"10.0.0.1"});
    pass_health(here);
    REQUIRE(one().online);
  }
  const node_link& one() const { return link("10.0.0.1"); }
  /// A request finds that nobody can connect.
  void refuse_request() {
    const auto& to = member("10.0.0.1");
    if (to.link->reachable.exchange(false))
      to.on_unreachable({ec::connect_failed, "refused"});
    run();
  }
};

} // namespace

TEST_CASE_METHOD(node_fixture,
                 "an executor is asked at once, with its key and a limit, and is offline until then",
                 "[node]") {
  start({"10.0.0.1"});
  REQUIRE(asked(here) == 1);
  const auto& request = http.by_address[here]->requests.front().request;
  CHECK(request.method == "GET");
  CHECK(request.target == "/v1/health");
  CHECK(*find_header(request.headers, "authorization") == "Bearer executors");
  CHECK(request.deadline == now() + 10s);
  CHECK_FALSE(one().online);
  pass_health(here);
  CHECK(one().online);
}

TEST_CASE_METHOD(node_fixture, "its figures are there for requests and are told to the other proxies",
                 "[node]") {
  start({"10.0.0.1"});
  answer(here, 200, R"({"status": "pass", "usage": 33, "runtimes": {"r": {"status": "pass", "usage": 5}}})");
  CHECK(one().usage == 33);
  CHECK(one().runtimes.find("r")->usage == 5);
  CHECK(store.published["10.0.0.1"].online);
  CHECK(store.published["10.0.0.1"].usage == 33);
  CHECK(store.published["10.0.0.1"].runtimes.count("r") == 1);
}

TEST_CASE_METHOD(node_fixture, "an empty list of runtimes overwrites the one before", "[node]") {
  start({"10.0.0.1"});
  answer(here, 200, R"({"status": "pass", "runtimes": {"r": {"status": "pass", "usage": 5}}})");
  pass(10s);
  answer(here, 200, R"({"status": "pass", "runtimes": {}})");
  CHECK_FALSE(one().runtimes.find("r"));
  CHECK(store.published["10.0.0.1"].runtimes.empty());
}

TEST_CASE_METHOD(node_fixture, "it is asked again at the interval, and never twice at once", "[node]") {
  start_online();
  pass(9s);
  CHECK(asked(here) == 0);
  pass(1s);
  CHECK(asked(here) == 1);
  pass(60s);
  CHECK(asked(here) == 1);
}

TEST_CASE_METHOD(node_fixture,
                 "an executor that doesn't answer its check in time is offline, and one that does again "
                 "is back",
                 "[node]") {
  start_online();
  pass(10s);
  fail(here, ec::deadline_passed);
  CHECK_FALSE(one().online);
  CHECK(one().reachable);
  REQUIRE(faults.size() == 1);
  CHECK(faults.front().type == "health_failed");
  pass(10s);
  pass_health(here);
  CHECK(one().online);
}

TEST_CASE_METHOD(node_fixture, "one that isn't healthy is reported once, not with every check", "[node]") {
  start_online();
  for (int i = 0; i < 3; ++i) {
    pass(10s);
    answer(here, 503, R"({"status": "fail", "message": "no Engine"})");
    CHECK_FALSE(one().online);
  }
  REQUIRE(faults.size() == 1);
  CHECK(faults.front().message == "answers 503: no Engine");
}

TEST_CASE_METHOD(node_fixture,
                 "a request that can't connect opens the circuit at once, and what was there is gone",
                 "[node]") {
  start_online();
  refuse_request();
  CHECK_FALSE(one().reachable);
  CHECK(store.told.back() == "publish 10.0.0.1 offline");
  CHECK(faults.size() == 1);
  refuse_request();
  CHECK(faults.size() == 1);
}

TEST_CASE_METHOD(node_fixture,
                 "an open circuit is probed soon, then later and later, and closes with an answer",
                 "[node]") {
  start_online();
  refuse_request();
  auto pause = 100ms;
  for (int i = 0; i < 8; ++i) {
    pass(pause - 1ms);
    CHECK(asked(here) == 0);
    pass(1ms);
    REQUIRE(asked(here) == 1);
    fail(here, ec::connect_failed);
    CHECK_FALSE(one().reachable);
    if (i > 0) // The first probe and the second are equally late: the first began without a failure.
      pause = std::min<std::chrono::milliseconds>(pause * 2, 2000ms);
  }
  pass(2s);
  pass_health(here);
  CHECK(one().reachable);
  CHECK(one().online);
  pass(10s);
  CHECK(asked(here) == 1);
}

TEST_CASE_METHOD(node_fixture,
                 "a probe that connects to a server that doesn't answer leaves the circuit open", "[node]") {
  start_online();
  refuse_request();
  pass(100ms);
  fail(here, ec::deadline_passed);
  CHECK_FALSE(one().reachable);
}

TEST_CASE_METHOD(node_fixture, "a health check that can't connect opens the circuit as well", "[node]") {
  start_online();
  pass(10s);
  fail(here, ec::connect_failed);
  CHECK_FALSE(one().reachable);
  pass(100ms);
  CHECK(asked(here) == 1);
}

TEST_CASE_METHOD(node_fixture,
                 "without health checks all are online, and nobody is asked until one can't be connected to",
                 "[node]") {
  policy.healthcheck = false;
  start({"10.0.0.1"});
  CHECK(one().online);
  pass(60s);
  CHECK(asked(here) == 0);
  refuse_request();
  CHECK_FALSE(one().reachable);
  pass(100ms);
  answer(here, 404, "no such page");
  CHECK(one().reachable);
  CHECK(one().online);
  pass(60s);
  CHECK(asked(here) == 0);
}

TEST_CASE_METHOD(node_fixture,
                 "an executor where a request broke off is looked at at once, and is itself again when it "
                 "answers",
                 "[node]") {
  start_online();
  note_suspect(member("10.0.0.1"));
  note_suspect(member("10.0.0.1"));
  run();
  CHECK(one().suspect);
  REQUIRE(asked(here) == 1);
  pass_health(here);
  CHECK_FALSE(one().suspect);
  CHECK(one().online);
}

TEST_CASE_METHOD(node_fixture, "an answer to an older health check doesn't clear an executor that is suspect",
                 "[node]") {
  start_online();
  pass(10s);
  REQUIRE(asked(here) == 1);
  note_suspect(member("10.0.0.1"));
  run();
  pass_health(here);
  CHECK(one().suspect);
  REQUIRE(asked(here) == 1);
  fail(here, ec::connect_failed);
  CHECK_FALSE(one().reachable);
}

TEST_CASE_METHOD(node_fixture, "without health checks an executor stays suspect until it answers", "[node]") {
  policy.healthcheck = false;
  start({"10.0.0.1"});
  note_suspect(member("10.0.0.1"));
  run();
  fail(here, ec::connection_broken);
  CHECK(one().suspect);
  pass(100ms);
  answer(here, 404, "");
  CHECK_FALSE(one().suspect);
  pass(60s);
  CHECK(asked(here) == 0);
}
