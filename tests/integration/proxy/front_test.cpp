#include "support/proxy_front.hpp"
#include "support/serving.hpp"

#include <catch2/catch.hpp>

using namespace opr;
using namespace opr::test;
using Catch::Matchers::Contains;
using opr::http::test::client;
using opr::http::test::get;

namespace {

/// Tells each request back, in its answer's body.
scripted_server::script echo() {
  return [](peer& caller) {
    for (;;) {
      auto asked = caller.request();
      caller.send(ok(asked));
    }
  };
}

struct front_fixture {
  scripted_server executor{echo()};
  proxy_front front{{executor.where()}};
  client caller{front.port()};
};

} // namespace

TEST_CASE_METHOD(front_fixture, "the proxy's health needs no key and no executor", "[proxy]") {
  auto got = caller.ask(get("/v1/proxy/health"));
  CHECK(got.status == 200);
  CHECK(got.body == "OK");
  caller.send("HEAD /v1/proxy/health HTTP/1.1\r\nHost: t\r\n\r\n");
  CHECK(caller.read(true).status == 200);
  CHECK(caller.ask("POST /v1/proxy/health HTTP/1.1\r\nHost: t\r\nContent-Length: 0\r\n\r\n").status == 405);
  CHECK(executor.connections() == 0);
}

TEST_CASE_METHOD(front_fixture, "the health tells more to who has the key and wants JSON", "[proxy]") {
  auto got = caller.ask(keyed("GET", "/v1/proxy/health", "Accept: application/json\r\n"));
  CHECK_THAT(got.body, Contains("\"status\":\"online\"") && Contains("\"inFlight\":0") &&
                           Contains("\"state\":{\"status\":\"fail\",\"message\":\"the state is away\"}"));
  CHECK(caller.ask(get("/v1/proxy/health", "Accept: application/json\r\n")).body == "OK");
}

TEST_CASE_METHOD(front_fixture, "without the right key nothing reaches an executor", "[proxy]") {
  const auto* fields = GENERATE("", "Authorization: Bearer\r\n", "Authorization: Bearer executors\r\n",
                                "Authorization: Bearer callersx\r\n", "Authorization: Basic callers\r\n");
  for (const auto* target : {"/", "/v1/health", "/v1/proxy/healthy", "/v1/proxy", "//v1/proxy/health"}) {
    auto got = caller.ask(get(target, fields));
    CHECK(got.status == 401);
    CHECK(got.body == R"({"message":"Incorrect proxy key.","code":401,"version":"1.2.3"})");
  }
  CHECK(executor.connections() == 0);
}

TEST_CASE("an empty secret lets nobody in", "[proxy]") {
  scripted_server executor{echo()};
  proxy_front front{{executor.where()}, [](http::proxy_context& with) { with.secret.clear(); }};
  client caller{front.port()};
  CHECK(caller.ask(get("/", "Authorization: Bearer \r\n")).status == 401);
  CHECK(caller.ask(keyed("GET", "/")).status == 401);
}

TEST_CASE_METHOD(front_fixture,
                 "method, path, query, fields and body arrive as they were sent, with the executors' key",
                 "[proxy]") {
  auto got = caller.ask(keyed("PATCH", "/v1/a%2Fb/../c?x=1&y=%20#",
                              "X-Mixed-Case: Va Lue\r\nX-Opr-Runtime-Id: r\r\n", std::string("by\0tes", 6)));
  CHECK(got.status == 200);
  CHECK_THAT(got.body, Catch::Matchers::StartsWith("PATCH /v1/a%2Fb/../c?x=1&y=%20# HTTP/1.1\r\n"));
  CHECK_THAT(got.body, Contains("\r\nHost: callers.example\r\n") &&
                           Contains("\r\nx-mixed-case: Va Lue\r\n") &&
                           Contains("\r\nx-opr-runtime-id: r\r\n") &&
                           Contains("\r\nauthorization: Bearer executors\r\n") &&
                           Contains(std::string("\r\n\r\nby\0tes", 10)) && !Contains("Bearer callers"));
}

TEST_CASE_METHOD(front_fixture, "what belongs to the caller's connection doesn't go on", "[proxy]") {
  auto got = caller.ask(keyed("GET", "/",
                              "Connection: keep-alive, X-Private\r\nX-Private: 1\r\nKeep-Alive: timeout=5\r\n"
                              "TE: trailers\r\nUpgrade: h2c\r\nProxy-Connection: keep-alive\r\n"));
  for (const auto* name : {"x-private", "keep-alive", "te:", "upgrade", "proxy-connection"})
    CHECK_THAT(got.body, !Contains(name, Catch::CaseSensitive::No));
}

TEST_CASE("in development the executor is told which one it is", "[proxy]") {
  scripted_server executor{echo()};
  proxy_front front{{executor.where()}, [](http::proxy_context& with) { with.development = true; }};
  auto got = client(front.port()).ask(keyed("GET", "/", "X-Opr-Executor-Hostname: forged\r\n"));
  CHECK_THAT(got.body, Contains("\r\nx-opr-executor-hostname: 127.0.0.1:" +
                                std::to_string(executor.where().port) + "\r\n") &&
                           !Contains("forged"));
}

TEST_CASE_METHOD(front_fixture, "an addressing method that isn't known is refused", "[proxy]") {
  auto got = caller.ask(keyed("GET", "/", "X-Opr-Addressing-Method: everywhere\r\n"));
  CHECK(got.status == 400);
  CHECK(executor.connections() == 0);
}

TEST_CASE("an answer's status, fields and body arrive as they were sent", "[proxy]") {
  scripted_server executor{[](peer& caller) {
    caller.request();
    caller.send(
        "HTTP/1.1 418 Teapot\r\nServer: Executor\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT\r\nSet-Cookie: "
        "a=1\r\n"
        "Set-Cookie: b=2\r\nConnection: x-hop\r\nX-Hop: 1\r\nKeep-Alive: timeout=5\r\nContent-Length: 3\r\n"
        "X-Executor-Response-Format: 0.12.0\r\n\r\npot");
  }};
  proxy_front front{{executor.where()}};
  auto got = client(front.port()).ask(keyed("GET", "/"));
  CHECK(got.status == 418);
  CHECK(got.body == "pot");
  CHECK(*find_header(got.headers, "server") == "Executor");
  CHECK(*find_header(got.headers, "date") == "Thu, 01 Jan 1970 00:00:00 GMT");
  CHECK(*find_header(got.headers, "content-length") == "3");
  CHECK(*find_header(got.headers, "x-executor-response-format") == "0.12.0");
  CHECK_FALSE(find_header(got.headers, "x-hop"));
  CHECK_FALSE(find_header(got.headers, "keep-alive"));
  CHECK(std::count_if(got.headers.begin(), got.headers.end(),
                      [](const auto& field) { return same_header(field.name, "set-cookie"); }) == 2);
}

TEST_CASE("answers without a body keep the connection in step", "[proxy]") {
  scripted_server executor{[](peer& caller) {
    for (;;) {
      auto asked = caller.request();
      if (asked.find("HEAD /long") == 0)
        caller.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n");
      else if (asked.find("HEAD /chunked") == 0)
        caller.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
      else if (asked.find("/none") != std::string::npos)
        caller.send("HTTP/1.1 204 No Content\r\n\r\n");
      else if (asked.find("/same") != std::string::npos)
        caller.send("HTTP/1.1 304 Not Modified\r\nContent-Length: 77\r\nETag: \"x\"\r\n\r\n");
      else
        caller.send(ok("whole"));
    }
  }};
  proxy_front front{{executor.where()}};
  client caller{front.port()};
  caller.send(keyed("HEAD", "/long"));
  CHECK(*find_header(caller.read(true).headers, "content-length") == "1000000");
  caller.send(keyed("HEAD", "/chunked"));
  auto chunked = caller.read(true);
  CHECK(chunked.status == 200);
  CHECK_FALSE(find_header(chunked.headers, "content-length"));
  CHECK(caller.ask(keyed("DELETE", "/none")).status == 204);
  caller.send(keyed("GET", "/same"));
  auto same = caller.read(true);
  CHECK(same.status == 304);
  CHECK(*find_header(same.headers, "content-length") == "77");
  CHECK(caller.ask(keyed("GET", "/whole")).body == "whole");
}

TEST_CASE_METHOD(front_fixture, "requests that were sent in one go are answered in order", "[proxy]") {
  caller.send(keyed("GET", "/1") + keyed("GET", "/2") + keyed("GET", "/3"));
  for (const auto* target : {"GET /1 ", "GET /2 ", "GET /3 "})
    CHECK_THAT(caller.read().body, Contains(target));
}
