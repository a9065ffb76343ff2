#include "support/api_under_test.hpp"
#include "support/serving.hpp"

#include <catch2/catch.hpp>

#include <malloc.h>

using namespace std::chrono_literals;
using namespace opr;
using namespace opr::http::test;

namespace {

constexpr auto streamed = "Accept: multipart/form-data\r\nX-Executor-Response-Format: 0.12.0\r\n";

struct fixture {
  /// Sends an execution and takes it where the actors would.
  execution_ptr execute(const std::string& fields, const std::string& body = "{}") {
    asks.send(authorised("POST", "/v1/runtimes/one/executions", fields, body));
    return api.next_execution();
  }

  api_under_test api;
  client asks{api.port()};
};

execution_result rest() {
  execution_result made;
  made.logs = "log\xFF";
  made.duration = 0.25;
  made.start_time = 2;
  return made;
}

std::string boundary_of(const http::test::answer& got) {
  auto type = *find_header(got.headers, "content-type");
  return type.substr(type.find("boundary=") + 9);
}

/// A part as the format has it. @param runs Its content, coded.
std::string part(const std::string& boundary, const std::string& name, const std::string& runs) {
  return "--" + boundary + "\r\nContent-Disposition: form-data; name=\"" + name +
         "\"\r\nContent-Transfer-Encoding: chunked\r\n\r\n" + runs + "0\r\n\r\n";
}

std::string tail(const std::string& boundary) {
  return part(boundary, "logs", "6\r\nlog\xEF\xBF\xBD\r\n") + part(boundary, "errors", "") +
         part(boundary, "duration", "4\r\n0.25\r\n") + part(boundary, "startTime", "3\r\n2.0\r\n") + "--" +
         boundary + "--";
}

} // namespace

TEST_CASE_METHOD(fixture, "a streamed answer has its parts in order, coded in runs", "[http]") {
  auto call = execute(streamed);
  REQUIRE(call->sink);
  call->sink->head(201, {{"set-cookie", "a"}, {"set-cookie", "b"}});
  CHECK(call->sink->body("abc"));
  CHECK(call->sink->body(std::string("\r\n\0\xFF", 4)));
  CHECK(call->reply.give(rest()));
  auto got = asks.read();
  CHECK(got.status == 200);
  CHECK(*find_header(got.headers, "x-executor-response-format") == "0.12.0");
  auto boundary = boundary_of(got);
  CHECK(got.body == part(boundary, "statusCode", "3\r\n201\r\n") +
                        part(boundary, "headers", "18\r\n{\"set-cookie\":[\"a\",\"b\"]}\r\n") +
                        part(boundary, "body", std::string("3\r\nabc\r\n4\r\n\r\n\0\xFF\r\n", 17)) +
                        tail(boundary));
}

TEST_CASE_METHOD(fixture, "a function's bytes leave before it has ended", "[http]") {
  auto call = execute(streamed);
  call->sink->head(200, {});
  CHECK_THAT(asks.read_some(), Catch::Matchers::Contains("name=\"body\""));
  call->sink->body("first");
  CHECK(asks.read_some() == "a\r\n5\r\nfirst\r\n\r\n");
  call->reply.give(rest());
}

TEST_CASE_METHOD(fixture, "a failure before the function answered is an error like any other", "[http]") {
  auto call = execute(streamed);
  call->reply.give({ec::runtime_timeout, {}});
  auto got = asks.read();
  CHECK(got.status == 400);
  CHECK_THAT(got.body, Catch::Matchers::Contains("runtime_timeout"));
  CHECK(find_header(got.headers, "x-executor-response-format") == nullptr);
}

TEST_CASE_METHOD(fixture, "a streamed answer that fails can't be taken for a whole one", "[http]") {
  auto call = execute(streamed);
  call->sink->head(200, {});
  call->sink->body("abc");
  auto sink = call->sink;
  SECTION("by a failure") { call->reply.give({ec::runtime_failed, {}}); }
  SECTION("by a call that is forgotten") { call.reset(); }
  CHECK(asks.sees_reset());
  sink->body("more"); // by one who doesn't know yet
  bool told = false;
  sink->when_room([&] { told = true; });
  CHECK(told);
}

TEST_CASE_METHOD(fixture, "an answer that is there as a whole streams all the same", "[http]") {
  auto call = execute(streamed);
  auto made = rest();
  made.status_code = 200;
  made.body.assign(1 << 20, 'x');
  call->reply.give(made);
  auto got = asks.read();
  auto boundary = boundary_of(got);
  CHECK(got.body.find("1000000\r\n") == std::string::npos); // the whole body in one run
  CHECK(got.body.find("\r\n10000\r\nx") != std::string::npos);
  CHECK(got.body.substr(got.body.size() - tail(boundary).size()) == tail(boundary));
  CHECK(got.body.find(part(boundary, "statusCode", "3\r\n200\r\n") +
                      part(boundary, "headers", "2\r\n{}\r\n")) == 0);
}

TEST_CASE_METHOD(fixture, "an empty answer streams, too", "[http]") {
  auto call = execute(streamed);
  auto made = rest();
  made.status_code = 204;
  call->reply.give(made);
  auto got = asks.read();
  CHECK_THAT(got.body, Catch::Matchers::Contains(part(boundary_of(got), "body", "")));
}

TEST_CASE_METHOD(fixture, "a slow caller holds up the function instead of filling the memory", "[http]") {
  client slow{api.port(), 4096};
  slow.send(authorised("POST", "/v1/runtimes/one/executions", streamed, "{}"));
  auto call = api.next_execution();
  call->sink->head(200, {});
  const std::string piece(64 * 1024, 'x');
  size_t written = 0;
  while (written < (64u << 20) && call->sink->body(piece))
    written += piece.size();
  CHECK(written < (16u << 20)); // what the kernel's buffers take, and a quarter of a megabyte
  signal room;
  call->sink->when_room(room.setter());
  CHECK_FALSE(room.wait(50ms));
  while (!room.wait(0ms))
    REQUIRE_FALSE(slow.read_some(1 << 20).empty());
  CHECK(call->sink->body("x"));
}

TEST_CASE_METHOD(fixture, "whoever streams to a caller that leaves is told", "[http]") {
  auto call = execute(streamed);
  signal gone;
  call->sink->when_gone(gone.setter());
  CHECK_FALSE(call->abandoned());
  SECTION("before the answer") { asks.leave(); }
  SECTION("in the middle of it") {
    call->sink->head(200, {});
    asks.reset();
  }
  CHECK(gone.wait());
  CHECK(call->abandoned());
}

TEST_CASE_METHOD(fixture, "older formats get a whole form, and no echo", "[http]") {
  const std::string fields =
      GENERATE(as<std::string>(), "", "Accept: */*\r\n", "X-Executor-Response-Format: 0.11.0\r\n",
               "X-Executor-Response-Format: nonsense\r\n");
  auto call = execute(fields);
  CHECK_FALSE(call->sink);
  auto made = rest();
  made.body = "\xFF";
  call->reply.give(made);
  auto got = asks.read();
  CHECK(got.status == 200);
  CHECK(find_header(got.headers, "content-length") != nullptr);
  CHECK(find_header(got.headers, "x-executor-response-format") == nullptr);
  CHECK_THAT(got.body, Catch::Matchers::Contains("name=\"body\"\r\n\r\n\xFF\r\n--" + boundary_of(got)));
  CHECK_THAT(got.body, Catch::Matchers::EndsWith("--" + boundary_of(got) + "--\r\n"));
}

TEST_CASE_METHOD(fixture, "JSON answers whole, whatever the format", "[http]") {
  auto call = execute("Accept: application/json\r\nX-Executor-Response-Format: 0.12.0\r\n");
  CHECK_FALSE(call->sink);
  call->reply.give(rest());
  CHECK_THAT(asks.read().body, Catch::Matchers::StartsWith("{\"statusCode\":"));
}

TEST_CASE_METHOD(fixture, "a form with a large binary body arrives as it was sent", "[http]") {
  std::string bytes(5'000'000, '\0');
  for (size_t i = 0; i < bytes.size(); ++i)
    bytes[i] = static_cast<char>(i * 31 >> 3);
  auto call =
      execute("Content-Type: multipart/form-data; boundary=x\r\n",
              "--x\r\nContent-Disposition: form-data; name=\"body\"\r\n\r\n" + bytes + "\r\n--x--\r\n");
  CHECK(call->request.body == bytes);
  call->reply.give(rest());
  CHECK(asks.read().status == 200);
}

TEST_CASE_METHOD(fixture, "the first generation's executions answer as JSON", "[http]") {
  asks.send(authorised("POST", "/v1/execution", "", R"({"runtimeId":"one","payload":"p"})"));
  auto call = api.next_execution();
  CHECK(call->request.runtime.runtime_id == "one");
  call->reply.give(rest());
  CHECK_THAT(asks.read().body, Catch::Matchers::StartsWith("{\"status\":\"failed\",\"statusCode\":500"));
}

TEST_CASE_METHOD(fixture, "an execution's large body is kept once, and not after its answer", "[http]") {
  // As the program does: what is large goes back to the system.
  ::mallopt(M_MMAP_THRESHOLD, 1 << 20); // NOLINT(concurrency-mt-unsafe): it takes malloc's lock
  constexpr size_t large = 20 << 20;
  const std::string key = "Authorization: Bearer key\r\n";
  const std::string target = "/v1/runtimes/one/executions";
  const auto json = R"({"body":")" + std::string(large, 'x') + "\"}";
  const auto form = "--x\r\nContent-Disposition: form-data; name=\"body\"\r\n\r\n" + std::string(large, 'x') +
                    "\r\n--x--\r\n";
  const auto form_key = key + "Content-Type: multipart/form-data; boundary=x\r\n";
  const auto wire =
      GENERATE_COPY(as<std::string>(), post(json, target, key), chunked_post(json, 1 << 16, target, key),
                    post(form, target, form_key), chunked_post(form, 1 << 16, target, form_key));
  execute("")->reply.give(rest()); // all that is made once is made
  asks.read();
  const auto before = forget_peak();
  asks.send(wire);
  auto call = api.next_execution();
  CHECK(call->request.body.size() == large);
  CHECK(peak_memory() - before < large + large / 5);
  call->reply.give(rest());
  CHECK(asks.read().status == 200);
  call.reset();
  CHECK(
      eventually([&] { return resident_memory() < before + large / 20; })); // the front end's thread lets go
}
