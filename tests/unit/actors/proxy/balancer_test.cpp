#include "fixture.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace opr;
using namespace opr::test;
using namespace std::chrono_literals;

namespace {

using texts = std::vector<std::string>;

bool was_told(const noting_store& store, const std::string& what) {
  return std::find(store.told.begin(), store.told.end(), what) != store.told.end();
}

} // namespace

TEST_CASE_METHOD(proxy_fixture, "all executors are asked at once, in the order of the settings",
                 "[balancer]") {
  start({"10.0.0.2:81", "10.0.0.1"});
  CHECK(names() == texts{"10.0.0.2:81", "10.0.0.1"});
  CHECK(asked("10.0.0.2:81") == 1);
  CHECK(asked("10.0.0.1:80") == 1);
}

TEST_CASE_METHOD(proxy_fixture, "an executor that hangs keeps none of the others from being asked",
                 "[balancer]") {
  start({"10.0.0.1", "10.0.0.2"});
  for (int i = 0; i < 3; ++i) {
    pass_health("10.0.0.2:80");
    pass(10s);
  }
  CHECK(asked("10.0.0.1:80") == 1);
  CHECK(asked("10.0.0.2:80") == 1);
  CHECK(link("10.0.0.2").online);
}

TEST_CASE_METHOD(proxy_fixture, "a name with one address is an executor of that name", "[balancer]") {
  start({"one:81"});
  CHECK(names().empty());
  REQUIRE(questions.size() == 1);
  CHECK(questions.front().host == "one");
  resolved({"10.0.0.7"});
  CHECK(names() == texts{"one:81"});
  CHECK(asked("10.0.0.7:81") == 1);
}

TEST_CASE_METHOD(proxy_fixture, "a name with several addresses is as many executors", "[balancer]") {
  start({"many"});
  resolved({"10.0.0.2", "10.0.0.1", "::1"});
  CHECK(names() == texts{"10.0.0.1:80", "10.0.0.2:80"});
}

TEST_CASE_METHOD(proxy_fixture, "names are resolved again, and executors come and go with their addresses",
                 "[balancer]") {
  start({"many", "10.0.9.9"});
  resolved({"10.0.0.1", "10.0.0.2"});
  pass_health("10.0.0.1:80");
  pass(10s);
  resolved({"10.0.0.3", "10.0.0.1"});
  CHECK(names() == texts{"10.0.0.1:80", "10.0.0.3:80", "10.0.9.9"});
  CHECK(link("10.0.0.1:80").online); // The one that stays is the same.
  CHECK(was_told(store, "withdraw 10.0.0.2:80"));
  CHECK_FALSE(was_told(store, "withdraw 10.0.0.1:80"));
}

TEST_CASE_METHOD(proxy_fixture,
                 "a name that had several addresses is called by its address also when one is left",
                 "[balancer]") {
  start({"many"});
  resolved({"10.0.0.1", "10.0.0.2"});
  pass(10s);
  resolved({"10.0.0.1"});
  CHECK(names() == texts{"10.0.0.1:80"});
}

TEST_CASE_METHOD(proxy_fixture, "an executor that has moved keeps its name and isn't withdrawn",
                 "[balancer]") {
  start({"one"});
  resolved({"10.0.0.1"});
  pass(10s);
  resolved({"10.0.0.2"});
  CHECK(names() == texts{"one"});
  CHECK(asked("10.0.0.2:80") == 1);
  CHECK_FALSE(was_told(store, "withdraw one"));
}

TEST_CASE_METHOD(proxy_fixture, "a name that can't be resolved keeps the addresses that it had",
                 "[balancer]") {
  start({"one"});
  resolved({"10.0.0.1"});
  pass(10s);
  not_resolved();
  CHECK(names() == texts{"one"});
  pass(10s);
  CHECK(questions.size() == 1);
}

TEST_CASE_METHOD(proxy_fixture, "the start waits for names and for the first answer of each, good or bad",
                 "[balancer]") {
  start({"one", "two", "10.0.0.3"});
  auto ready = await_ready();
  resolved({"10.0.0.1"});
  pass_health("10.0.0.1:80");
  not_resolved();
  CHECK_FALSE(*ready);
  fail("10.0.0.3:80", ec::connect_failed);
  CHECK(*ready);
  CHECK(*await_ready());
}

TEST_CASE_METHOD(proxy_fixture, "without executors, or without health checks, the start waits for nothing",
                 "[balancer]") {
  SECTION("none") { start({}); }
  SECTION("unasked") {
    policy.healthcheck = false;
    start({"10.0.0.1"});
  }
  CHECK(*await_ready());
}

TEST_CASE_METHOD(proxy_fixture, "the URL is called after each round in which all was well, and only then",
                 "[balancer]") {
  policy.call_when_well = parse_url("http://hc.example:81/ping?x=1");
  start({"10.0.0.1", "10.0.0.2"});
  const std::string url = "hc.example:81";
  pass_health("10.0.0.1:80");
  CHECK(asked(url) == 0);
  pass_health("10.0.0.2:80");
  REQUIRE(asked(url) == 1);
  CHECK(http.by_address[url]->requests.front().request.target == "/ping?x=1");
  answer(url, 500, ""); // Nobody minds.

  pass(10s);
  fail("10.0.0.1:80", ec::deadline_passed);
  pass_health("10.0.0.2:80");
  CHECK(asked(url) == 0);

  pass(10s);
  pass_health("10.0.0.1:80");
  pass_health("10.0.0.2:80");
  CHECK(asked(url) == 1);
}

TEST_CASE_METHOD(proxy_fixture, "a round ends also when the last to report goes away instead", "[balancer]") {
  policy.call_when_well = parse_url("http://hc.example/");
  start({"many"});
  resolved({"10.0.0.1", "10.0.0.2"});
  pass_health("10.0.0.1:80");
  pass(10s);
  resolved({"10.0.0.1"});
  CHECK(asked("hc.example:80") == 1);
}

TEST_CASE_METHOD(proxy_fixture, "runtimes that other proxies have placed are known", "[balancer]") {
  start({"10.0.0.1"});
  pass_health("10.0.0.1:80");
  share({{"10.0.0.1", {true, 5, {{"r", {true, 7}}}}}, {"stranger", {true, 0, {}}}});
  CHECK(link("10.0.0.1").runtimes.find("r")->usage == 7);
  CHECK(names() == texts{"10.0.0.1"});
  share({});
  CHECK_FALSE(link("10.0.0.1").runtimes.find("r"));
}

TEST_CASE_METHOD(proxy_fixture,
                 "what others say of an executor's health counts only where nobody asks by himself",
                 "[balancer]") {
  policy.healthcheck = GENERATE(true, false);
  start({"10.0.0.1"});
  if (policy.healthcheck)
    pass_health("10.0.0.1:80");
  share({{"10.0.0.1", {false, 0, {}}}});
  CHECK(link("10.0.0.1").online == policy.healthcheck);
}
