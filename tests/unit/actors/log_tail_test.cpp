#include "fixture.hpp"

#include <catch2/catch.hpp>

using namespace opr;
using namespace opr::test;
using namespace std::chrono_literals;

namespace {

struct recording_sink : log_sink {
  std::string text;
  int writes = 0;
  std::function<void()> left;
  void write(std::string_view lines) override {
    text += lines;
    ++writes;
  }
  void when_gone(std::function<void()> call) override { left = std::move(call); }
  /// The contents of the lines, without their times.
  std::string contents() const {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
      auto end = text.find('\n', at);
      out += text.substr(at + 30, end - at - 30) + "|";
      at = end + 1;
    }
    return out;
  }
};

const std::string intro = "Script started\n";

runtime_request build_of(const std::string& id) {
  runtime_request request;
  request.runtime_id = id;
  return request;
}

} // namespace

TEST_CASE_METHOD(executor_fixture, "a follower gets each line of a build as it is written, and its end") {
  start_build(build_of("one"));
  auto sink = std::make_shared<recording_sink>();
  auto got = follow("one", sink);
  build_writes("one", intro + "one\n", "0.1 4\n");
  pass(50ms);
  CHECK(sink->contents() == "one\\n|");
  build_writes("one", "two\n", "0.1 4\n");
  pass(50ms);
  CHECK(sink->contents() == "one\\n|two\\n|");
  CHECK_FALSE(got->has_value());
  build_writes("one", "three", "0.1 5\n");
  answer<int>(engine.executing, 0);
  REQUIRE(got->has_value());
  CHECK(got->value());
  CHECK(sink->contents() == "one\\n|two\\n|three|");
  sink->left = nullptr;
}

TEST_CASE_METHOD(executor_fixture, "who comes late to a build's log gets it from its beginning") {
  start_build(build_of("one"));
  auto first = std::make_shared<recording_sink>();
  follow("one", first);
  build_writes("one", intro + "one\n", "0.1 4\n");
  pass(50ms);
  auto second = std::make_shared<recording_sink>();
  follow("one", second);
  CHECK(second->text == first->text);
  answer<int>(engine.executing, 0);
  auto third = std::make_shared<recording_sink>();
  auto got = follow("one", third);
  CHECK(third->contents() == "one\\n|");
  CHECK(got->has_value());
  first->left = second->left = third->left = nullptr;
}

TEST_CASE_METHOD(executor_fixture, "a log that nobody followed while it grew is told afterwards") {
  start_build(build_of("one"));
  build_writes("one", intro + "one\n", "0.1 4\n");
  answer<int>(engine.executing, 0);
  auto sink = std::make_shared<recording_sink>();
  auto got = follow("one", sink);
  REQUIRE(got->has_value());
  CHECK(sink->contents() == "one\\n|");
}

TEST_CASE_METHOD(executor_fixture, "a follower who comes before the runtime waits 10 s for it") {
  auto early = std::make_shared<recording_sink>();
  auto followed = follow("one", early);
  pass(9s);
  CHECK_FALSE(followed->has_value());
  start_build(build_of("one"));
  build_writes("one", intro + "one\n", "0.1 4\n");
  pass(50ms);
  CHECK(early->contents() == "one\\n|");
  auto in_vain = follow("two", std::make_shared<recording_sink>());
  pass(10s);
  REQUIRE(in_vain->has_value());
  CHECK((*in_vain)->error().code == ec::runtime_not_found);
  early->left = nullptr;
}

TEST_CASE_METHOD(executor_fixture,
                 "a log without a line for the reader's time is a time-out, each line renews it") {
  start_build(build_of("one"));
  auto sink = std::make_shared<recording_sink>();
  auto got = follow("one", sink, 5s);
  pass(4s);
  build_writes("one", intro + "one\n", "0.1 4\n");
  pass(50ms);
  pass(4s);
  CHECK_FALSE(got->has_value());
  pass(2s);
  REQUIRE(got->has_value());
  CHECK((*got)->error().code == ec::logs_timeout);
  sink->left = nullptr;
}

TEST_CASE_METHOD(executor_fixture, "a runtime that builds nothing has no log to wait for longer than asked") {
  start_ready_runtime("one");
  auto got = follow("one", std::make_shared<recording_sink>(), 5s);
  pass(5s);
  REQUIRE(got->has_value());
  CHECK((*got)->error().code == ec::logs_timeout);
}

TEST_CASE_METHOD(executor_fixture, "a v2 build has no live log: the stream ends at once") {
  auto request = build_of("one");
  request.version = generation::v2;
  start_build(request);
  auto got = follow("one", std::make_shared<recording_sink>());
  REQUIRE(got->has_value());
  CHECK(got->value());
}

TEST_CASE_METHOD(executor_fixture, "a follower who leaves is forgotten, a removal ends the others") {
  start_build(build_of("one"));
  auto leaves = std::make_shared<recording_sink>();
  auto stays = std::make_shared<recording_sink>();
  auto left = follow("one", leaves);
  auto stayed = follow("one", stays);
  leaves->left();
  run();
  CHECK(left->has_value());
  build_writes("one", intro + "one\n", "0.1 4\n");
  pass(50ms);
  CHECK(leaves->text.empty());
  CHECK(stays->contents() == "one\\n|");
  remove("one");
  removed();
  REQUIRE(stayed->has_value());
  CHECK(stayed->value());
  leaves->left = stays->left = nullptr;
}

TEST_CASE_METHOD(executor_fixture,
                 "however often a log grows, its files are looked at 25 times a second at most") {
  start_build(build_of("one"));
  auto sink = std::make_shared<recording_sink>();
  follow("one", sink);
  build_writes("one", intro, "");
  for (int i = 0; i < 1000; ++i) {
    build_writes("one", "x\n", "0.001 2\n");
    pass(1ms);
  }
  CHECK(sink->writes <= 26);
  sink->left = nullptr;
}
