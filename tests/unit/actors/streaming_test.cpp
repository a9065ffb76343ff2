#include "fixture.hpp"

#include <catch2/catch.hpp>

using namespace opr;
using namespace opr::test;
using namespace std::chrono_literals;

namespace {

struct recording_sink : execution_sink {
  int status = 0;
  header_list headers;
  std::string text;
  bool has_room = true;
  std::function<void()> room;
  std::function<void()> left;
  void head(int status_code, const header_list& fields) override {
    status = status_code;
    headers = fields;
  }
  bool body(std::string_view piece) override {
    text += piece;
    return has_room;
  }
  void when_room(std::function<void()> call) override { room = std::move(call); }
  void when_gone(std::function<void()> call) override { left = std::move(call); }
};

} // namespace

TEST_CASE_METHOD(executor_fixture,
                 "an answer goes to a streaming caller piece by piece, its end with the rest") {
  start_ready_runtime("one");
  auto sink = std::make_shared<recording_sink>();
  auto got = dispatch(warm_request("one"), sink);
  auto& sent = http.last->requests.front();
  sent.reader->on_head({201, {{"x-a", "b"}, {"x-open-runtimes-log-id", "1"}}});
  CHECK(sink->status == 201);
  CHECK(sink->headers.size() == 1);
  CHECK(sent.reader->on_body("one") == net::flow::more);
  CHECK(sink->text == "one");
  CHECK_FALSE(got->has_value());
  sent.reader->on_body("two");
  sent.reader->on_done({ec::none, {}});
  REQUIRE(got->has_value());
  CHECK((**got)->body.empty());
  CHECK(sink->text == "onetwo");
  sink->left = nullptr;
}

TEST_CASE_METHOD(executor_fixture, "a slow caller slows the function down") {
  start_ready_runtime("one");
  auto sink = std::make_shared<recording_sink>();
  sink->has_room = false;
  dispatch(warm_request("one"), sink);
  auto& sent = http.last->requests.front();
  sent.reader->on_head({200, {}});
  CHECK(sent.reader->on_body("one") == net::flow::pause);
  REQUIRE(sink->room);
  sink->room();
  CHECK(http.last->resumed == 1);
  sink->left = nullptr;
}

TEST_CASE_METHOD(executor_fixture, "a caller who leaves a stream ends the request to the runtime") {
  start_ready_runtime("one");
  auto sink = std::make_shared<recording_sink>();
  auto got = dispatch(warm_request("one"), sink);
  sink->left();
  CHECK(http.last->cancelled == 1);
  connection_fails(ec::cancelled);
  CHECK(got->has_value());
  pass(61s);
  CHECK(count("remove") == 1);
}

TEST_CASE_METHOD(executor_fixture, "a stream that the runtime cuts is a failure, not an end") {
  start_ready_runtime("one");
  auto sink = std::make_shared<recording_sink>();
  auto got = dispatch(warm_request("one"), sink);
  http.last->requests.front().reader->on_head({200, {}});
  http.last->requests.front().reader->on_body("one");
  connection_fails(ec::connection_broken);
  pass(1s);
  REQUIRE(got->has_value());
  CHECK((*got)->error().code == ec::runtime_failed);
  sink->left = nullptr;
}

TEST_CASE_METHOD(executor_fixture, "a v3 runtime's logs come with its headers") {
  auto request = cold_request("one");
  request.runtime.version = generation::v3;
  auto got = execute(std::move(request));
  launch();
  port_opens();
  http.last->requests.front().answer(
      200, {{"x-open-runtimes-logs", "a%20b+c%0A%E4%zz"}, {"x-open-runtimes-errors", "%C3%A4"}}, "");
  REQUIRE(got->has_value());
  CHECK((**got)->logs == "a b c\n\xEF\xBF\xBD%zz");
  CHECK((**got)->errors == "\xC3\xA4");
  CHECK((**got)->headers.empty());
}

TEST_CASE_METHOD(executor_fixture, "a binary body is refused for a v2 runtime, which could not be given it") {
  auto request = cold_request("one");
  request.runtime.version = generation::v2;
  request.body = "\xFF";
  auto got = execute(std::move(request));
  launch();
  port_opens();
  REQUIRE(got->has_value());
  CHECK((*got)->error().code == ec::execution_bad_request);
  CHECK(http.last->requests.empty());
}
