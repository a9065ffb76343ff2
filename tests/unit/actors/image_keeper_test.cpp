#include "fixture.hpp"

#include <catch2/catch.hpp>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include <sstream>
#include <vector>

using namespace opr;
using namespace opr::test;
using namespace std::chrono_literals;

namespace {

executor_policy keeping(std::vector<std::string> images, pull_policy pulls) {
  executor_policy policy;
  policy.images = std::move(images);
  policy.pulls = pulls;
  policy.logins = {{"https://index.docker.io/v1/", "me", "secret"}, {"ghcr.io", "us", "other secret"}};
  return policy;
}

template <pull_policy Pulls>
struct keeping_fixture : executor_fixture {
  keeping_fixture() : executor_fixture(keeping({"node:18", "127.0.0.1:5000/own"}, Pulls)) {}

  void looked(bool there) { answer<bool>(engine.looking, there); }
  void pulled() { answer<done>(engine.pulling, done{}); }
};

const std::string node = "docker.io/library/node:18";
const std::string own = "127.0.0.1:5000/own:latest";
using texts = std::vector<std::string>;

/// Takes what is logged meanwhile, without time stamps.
class captured_log {
public:
  captured_log() {
    auto log = std::make_shared<spdlog::logger>("", std::make_shared<spdlog::sinks::ostream_sink_st>(text_));
    log->set_pattern("%v");
    spdlog::set_default_logger(std::move(log));
  }
  ~captured_log() { spdlog::set_default_logger(before_); }
  captured_log(const captured_log&) = delete;
  captured_log& operator=(const captured_log&) = delete;

  std::string text() const { return text_.str(); }

private:
  std::shared_ptr<spdlog::logger> before_ = spdlog::default_logger();
  std::ostringstream text_;
};

/// A cold start of an image that isn't there, up to the pull.
awaited<execution_result> start_without_image(executor_fixture& world, const std::string& id) {
  auto got = world.execute(executor_fixture::cold_request(id));
  world.fetched();
  world.answer<std::string>(world.engine.creating, {ec::image_not_found, "No such image: image:v5"});
  return got;
}

} // namespace

// At start.

TEST_CASE_METHOD(keeping_fixture<pull_policy::missing>,
                 "at start those images are pulled that aren't there, one after the other", "[images]") {
  CHECK(engine.calls == texts{"look " + node});
  SECTION("the first is there") {
    looked(true);
    CHECK(engine.calls == texts{"look " + node, "look " + own});
  }
  SECTION("the first isn't") {
    looked(false);
    CHECK(engine.calls.back() == "pull " + node);
    pulled();
    CHECK(engine.calls.back() == "look " + own);
  }
  SECTION("the Engine can't say whether it is") {
    answer<bool>(engine.looking, {ec::engine_failed, "boom"});
    CHECK(engine.calls.back() == "pull " + node);
  }
  SECTION("the first can't be pulled") {
    looked(false);
    answer<done>(engine.pulling, {ec::image_not_found, "manifest unknown"});
    looked(false);
    CHECK(engine.calls.back() == "pull " + own);
  }
}

TEST_CASE_METHOD(keeping_fixture<pull_policy::always>,
                 "an operator who wants so has all images pulled at start", "[images]") {
  CHECK(engine.calls == texts{"pull " + node});
  pulled();
  CHECK(engine.calls == texts{"pull " + node, "pull " + own});
}

TEST_CASE_METHOD(keeping_fixture<pull_policy::on_demand>,
                 "without pulls at start a missing image is still pulled when it is wanted", "[images]") {
  CHECK(engine.calls.empty());
  auto got = want_image("node:18");
  CHECK(engine.calls == texts{"pull " + node});
  pulled();
  REQUIRE(got->has_value());
  CHECK(got->value());
}

TEST_CASE_METHOD(keeping_fixture<pull_policy::never>, "an executor that never pulls says so", "[images]") {
  auto got = want_image("node:18");
  CHECK(engine.calls.empty());
  REQUIRE(got->has_value());
  CHECK((*got)->error().code == ec::runtime_failed);
  CHECK((*got)->error().detail ==
        "The image node:18 isn't there, and this executor is set up never to pull any.");
}

TEST_CASE_METHOD(keeping_fixture<pull_policy::always>,
                 "the login of Docker Hub goes to Docker Hub and to nobody else", "[images]") {
  CHECK(engine.last_login.username == "me");
  CHECK(engine.last_login.password == "secret");
  pulled();
  CHECK(engine.calls.back() == "pull " + own);
  CHECK(engine.last_login.username.empty());
  CHECK(engine.last_login.password.empty());
}

// On demand.

TEST_CASE_METHOD(executor_fixture, "an image is pulled once, however many want it and whatever they call it",
                 "[images]") {
  auto first = want_image("node");
  auto second = want_image("node:latest");
  auto third = want_image("docker.io/library/node");
  CHECK(engine.calls == texts{"pull docker.io/library/node:latest"});
  CHECK_FALSE(first->has_value());
  answer<done>(engine.pulling, done{});
  for (const auto& got : {first, second, third}) {
    REQUIRE(got->has_value());
    CHECK(got->value());
  }
}

TEST_CASE_METHOD(executor_fixture, "an image that is wanted again after a failed pull is pulled again",
                 "[images]") {
  auto first = want_image("node");
  answer<done>(engine.pulling, {ec::engine_failed, "no such host"});
  CHECK_FALSE(first->value());
  auto second = want_image("node");
  CHECK(count("pull") == 2);
}

TEST_CASE_METHOD(executor_fixture, "a pull that fails names the image and says why", "[images]") {
  auto got = want_image("node:nope");
  auto [why, code, detail] = GENERATE(table<failure, ec, const char*>({
      {{ec::image_not_found, "manifest unknown"},
       ec::runtime_failed,
       "The image node:nope can't be pulled: manifest unknown"},
      {{ec::deadline_passed, ""},
       ec::runtime_failed,
       "The image node:nope can't be pulled: it took longer than 30 minutes"},
      {{ec::engine_unreachable, "nobody there"},
       ec::engine_unreachable,
       "The image node:nope can't be pulled: nobody there"},
  }));
  answer<done>(engine.pulling, why);
  REQUIRE(got->has_value());
  CHECK((*got)->error().code == code);
  CHECK((*got)->error().detail == detail);
}

TEST_CASE_METHOD(executor_fixture, "a name that is none is refused without asking anybody", "[images]") {
  auto got = want_image("Not An Image");
  CHECK(engine.calls.empty());
  REQUIRE(got->has_value());
  CHECK((*got)->error().detail == "The image Not An Image can't be pulled: that is no name of an image");
}

// In a runtime's start.

TEST_CASE_METHOD(executor_fixture, "a cold start whose image is missing pulls it and goes on", "[images]") {
  auto got = start_without_image(*this, "one");
  CHECK(engine.calls == texts{"create exec-one", "pull docker.io/library/image:v5"});
  answer<done>(engine.pulling, done{});
  created();
  started();
  inspected();
  port_opens();
  http.last->requests.front().answer(200, {}, "hello");
  REQUIRE(got->has_value());
  CHECK((**got)->body == "hello");
}

TEST_CASE_METHOD(executor_fixture, "a cold start whose image can't be pulled says which and why",
                 "[images]") {
  auto got = start_without_image(*this, "one");
  answer<done>(engine.pulling, {ec::image_not_found, "manifest unknown"});
  REQUIRE(got->has_value());
  CHECK((*got)->error().code == ec::runtime_failed);
  CHECK((*got)->error().detail == "The image image:v5 can't be pulled: manifest unknown");
  CHECK(nothing_left());
}

TEST_CASE_METHOD(executor_fixture, "an image that is missing after its pull is not pulled for ever",
                 "[images]") {
  auto got = start_without_image(*this, "one");
  answer<done>(engine.pulling, done{});
  answer<std::string>(engine.creating, {ec::image_not_found, "No such image"});
  CHECK(count("pull") == 1);
  REQUIRE(got->has_value());
  CHECK((*got)->error().code == ec::image_not_found);
}

TEST_CASE_METHOD(executor_fixture, "cold starts that wait for images leave their permits to others",
                 "[images]") {
  auto first = start_without_image(*this, "one");
  auto second = start_without_image(*this, "two");
  auto third = execute(cold_request("three"));
  fetched();
  CHECK(engine.calls.back() == "create exec-three");
  CHECK(engine.creating.size() == 1);
}

TEST_CASE_METHOD(executor_fixture, "a pull that outlives its caller goes on, and so does the start",
                 "[images]") {
  auto got = start_without_image(*this, "one"); // its time limit is 15 s
  pass(15s);
  REQUIRE(got->has_value());
  CHECK((*got)->error().code == ec::runtime_timeout);
  pass(120s);
  answer<done>(engine.pulling, done{});
  created();
  started();
  inspected();
  CHECK(runtimes.find("one")->initialised);
}

TEST_CASE_METHOD(executor_fixture, "a runtime that is deleted while its image is pulled is gone at once",
                 "[images]") {
  auto got = start_without_image(*this, "one");
  auto removal = remove("one");
  REQUIRE(removal->has_value());
  CHECK(removal->value());
  CHECK(got->has_value());
  CHECK(nothing_left());
  answer<done>(engine.pulling, done{});
  CHECK(count("create") == 1);
}

TEST_CASE_METHOD(executor_fixture,
                 "a runtime that is deleted while the Engine looks for its image is not made", "[images]") {
  auto got = execute(cold_request("one"));
  fetched();
  auto removal = remove("one");
  answer<std::string>(engine.creating, {ec::image_not_found, "No such image"});
  CHECK(count("pull") == 0);
  REQUIRE(removal->has_value());
  CHECK(nothing_left());
}

// In the log.

TEST_CASE_METHOD(executor_fixture, "a pull is seen in the log: its begin, now and then its progress, its end",
                 "[images]") {
  captured_log log;
  want_image("node");
  engine.progress("0%");
  pass(5s);
  engine.progress("10%");
  engine.progress("11%");
  pass(4s);
  engine.progress("18%");
  pass(1s);
  engine.progress("20%");
  pass(2s);
  answer<done>(engine.pulling, done{});
  const std::string prefix = "image keeper pulls docker.io/library/node:latest";
  CHECK(log.text() == prefix + "\n" + prefix + ": 10%\n" + prefix + ": 20%\n" +
                          "image keeper has pulled docker.io/library/node:latest in 12.0 s\n");
}
