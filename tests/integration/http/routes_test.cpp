#include "support/api_under_test.hpp"
#include "support/serving.hpp"

#include <catch2/catch.hpp>

using namespace std::chrono_literals;
using namespace opr;
using namespace opr::http::test;

namespace {

struct fixture {
  follow_ptr follow(const std::string& query = "") {
    asks.send(authorised("GET", "/v1/runtimes/one/logs" + query));
    return api.next_follow();
  }

  api_under_test api;
  client asks{api.port()};
};

} // namespace

TEST_CASE_METHOD(fixture, "each line of a log leaves as it is written", "[http]") {
  auto call = follow();
  CHECK(call->runtime_id == "one");
  call->sink->write("1 a\n");
  auto first = asks.read_some();
  CHECK_THAT(first, Catch::Matchers::Contains("Content-Type: text/event-stream\r\n"));
  if (first.find("1 a\n") == std::string::npos)
    first += asks.read_some();
  CHECK_THAT(first, Catch::Matchers::EndsWith("4\r\n1 a\n\r\n"));
  call->sink->write("2 b\n3 c\n");
  CHECK(asks.read_some() == "8\r\n2 b\n3 c\n\r\n");
  call->reply.give(done{});
  CHECK(asks.read_some() == "0\r\n\r\n");
}

TEST_CASE_METHOD(fixture, "a log without a line ends empty", "[http]") {
  follow()->reply.give(done{});
  auto got = asks.read();
  CHECK(got.status == 200);
  CHECK(got.body.empty());
  CHECK(*find_header(got.headers, "content-type") == "text/event-stream");
}

TEST_CASE_METHOD(fixture, "a reader who gets no line is told why", "[http]") {
  follow()->reply.give({ec::logs_timeout, {}});
  auto late = asks.read();
  CHECK(late.status == 504);
  CHECK_THAT(late.body, Catch::Matchers::Contains("logs_timeout"));
  follow().reset();
  CHECK_THAT(asks.read().body, Catch::Matchers::Contains("runtime_not_found"));
}

TEST_CASE_METHOD(fixture, "a log that breaks off can't be taken for a whole one", "[http]") {
  auto call = follow();
  call->sink->write("1 a\n");
  call->reply.give({ec::runtime_failed, {}});
  CHECK(asks.sees_reset());
}

TEST_CASE_METHOD(fixture, "how long a reader waits is his to say", "[http]") {
  auto call = follow("?timeout=1.5");
  CHECK(call->deadline - clock::now() < 1501ms);
  CHECK(call->deadline - clock::now() > 500ms);
  call->reply.give(done{});
  asks.read();
  CHECK(asks.ask(authorised("GET", "/v1/runtimes/one/logs?timeout=soon")).status == 400);
}

TEST_CASE_METHOD(fixture, "a reader who leaves frees what he held", "[http]") {
  auto call = follow();
  signal gone;
  call->sink->when_gone(gone.setter());
  asks.leave();
  CHECK(gone.wait());
}

TEST_CASE_METHOD(fixture, "a reader who doesn't read is cut, and the writer told", "[http]") {
  client slow{api.port(), 4096};
  slow.send(authorised("GET", "/v1/runtimes/one/logs"));
  auto call = api.next_follow();
  signal gone;
  call->sink->when_gone(gone.setter());
  const std::string lines(64 * 1024, '\n');
  for (size_t written = 0; written < (64u << 20) && !gone.wait(0ms); written += lines.size())
    call->sink->write(lines);
  CHECK(gone.wait(0ms));
  CHECK(slow.sees_reset());
}

TEST_CASE_METHOD(fixture, "a reader who comes to a long log gets it, however large the piece", "[http]") {
  auto call = follow();
  const std::string lines(8 << 20, '\n');
  call->sink->write(lines);
  call->reply.give(done{});
  CHECK(asks.read().body.size() == lines.size());
}

TEST_CASE_METHOD(fixture, "HEAD of a log doesn't follow it", "[http]") {
  asks.send(authorised("HEAD", "/v1/runtimes/one/logs"));
  CHECK(asks.read(true).status == 200);
}

TEST_CASE_METHOD(fixture, "a command's output comes as JSON, its failure as an error", "[http]") {
  auto run = [&] {
    asks.send(authorised("POST", "/v1/runtimes/one/commands", "", R"({"command":"ls","timeout":2})"));
    return api.next_command();
  };
  auto call = run();
  CHECK(call->request.runtime_id == "one");
  CHECK(call->request.command == "ls");
  CHECK(call->request.timeout == 2s);
  call->reply.give(std::string("a\nb"));
  CHECK(asks.read().body == R"({"output":"a\nb"})");
  run()->reply.give({ec::command_timeout, {}});
  CHECK(asks.read().status == 500);
  run()->reply.give({ec::runtime_not_found, {}});
  CHECK(asks.read().status == 404);
  run().reset();
  CHECK_THAT(asks.read().body, Catch::Matchers::Contains("command_failed"));
}

TEST_CASE_METHOD(fixture, "nothing runs and nothing is told without the key", "[http]") {
  for (const auto* target : {"/v1/runtimes/one/commands", "/v1/runtimes/one/executions", "/v1/execution"})
    CHECK(asks.ask(post(R"({"command":"ls"})", target)).status == 401);
  CHECK(asks.ask(get("/v1/runtimes/one/logs")).status == 401);
}

TEST_CASE_METHOD(fixture, "health tells its figures to those with the key only", "[http]") {
  api.set_usage({7, {{"one", 1}}});
  CHECK(asks.ask(get("/v1/health")).body == R"({"status":"pass"})");
  CHECK(asks.ask(get("/v1/health", "Authorization: Bearer other\r\n")).body == R"({"status":"pass"})");
  CHECK(asks.ask(authorised("GET", "/v1/health")).body ==
        R"({"status":"pass","usage":7.0,"runtimes":{"one":{"status":"pass","usage":1.0}},"hostUsage":7.0,)"
        R"("functionsUsage":{"one":1.0}})");
  CHECK(asks.ask(get("/v1/health", "Accept: text/plain\r\n")).body == "OK");
  api.set_engine_answers(false);
  auto failed = asks.ask(get("/v1/health", "Accept: text/plain\r\n"));
  CHECK(failed.status == 503);
  CHECK_THAT(failed.body, Catch::Matchers::Contains(R"("status":"fail")"));
}

TEST_CASE_METHOD(fixture, "an executor that ends is alive but not ready, and refuses what would be work",
                 "[http]") {
  auto ask = [this](const char* target) {
    asks.send("GET " + std::string(target) + " HTTP/1.1\r\nHost: t\r\n\r\n");
    return asks.read().status;
  };
  CHECK(ask("/livez") == 200);
  CHECK(ask("/readyz") == 200);
  api.close_gate();
  CHECK(ask("/livez") == 200);
  CHECK(ask("/readyz") == 503);
  CHECK(ask("/v1/health") == 503);
  asks.send(authorised("POST", "/v1/runtimes/one/executions", "", "{}"));
  auto refused = asks.read();
  CHECK(refused.status == 503);
  CHECK(*find_header(refused.headers, "retry-after") == "1");
  CHECK_THAT(refused.body, Catch::Matchers::Contains("general_unavailable"));
  asks.send(authorised("GET", "/v1/runtimes"));
  CHECK(asks.read().status == 200);
}

TEST_CASE_METHOD(fixture, "an executor isn't ready while the Engine is away", "[http]") {
  api.set_engine_answers(false);
  asks.send("GET /readyz HTTP/1.1\r\nHost: t\r\n\r\n");
  CHECK(asks.read().status == 503);
}

TEST_CASE_METHOD(fixture, "work that came in before the end counts until it's answered", "[http]") {
  asks.send(authorised("POST", "/v1/runtimes/one/executions", "", "{}"));
  auto call = api.next_execution();
  api.close_gate();
  CHECK_FALSE(api.is_idle());
  call->reply.give(execution_result{});
  CHECK(asks.read().status == 200);
  call.reset();
  CHECK(api.is_idle());
}
