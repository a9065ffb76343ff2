#include "support/proxy_front.hpp"
#include "support/serving.hpp"

#include <catch2/catch.hpp>

using namespace opr;
using namespace opr::test;
using Catch::Matchers::Contains;
using opr::http::test::client;
using opr::test::eventually;
using namespace std::chrono_literals;

TEST_CASE("a body goes on before it has come to its end, with its length", "[proxy]") {
  http::test::signal seen;
  std::string head;
  scripted_server executor{[&](peer& caller) {
    head = caller.read_until("first");
    seen.set();
    caller.read_until("second");
    caller.send(ok("got it"));
  }};
  proxy_front front{{executor.where()}};
  client caller{front.port()};
  caller.send(keyed("POST", "/", "Content-Length: 11\r\n") + "first");
  REQUIRE(seen.wait());
  CHECK_THAT(head, Contains("\r\nContent-Length: 11\r\n") && !Contains("chunked"));
  CHECK(caller.ask("second").body == "got it");
}

TEST_CASE("a chunked body goes on chunked, as it comes", "[proxy]") {
  http::test::signal seen;
  std::string head;
  scripted_server executor{[&](peer& caller) {
    head = caller.read_until("first");
    seen.set();
    caller.send(ok(caller.read_until("0\r\n\r\n")));
  }};
  proxy_front front{{executor.where()}};
  client caller{front.port()};
  caller.send(keyed("POST", "/", "Transfer-Encoding: chunked\r\n") + "5\r\nfirst\r\n");
  REQUIRE(seen.wait());
  CHECK_THAT(head, Contains("\r\nTransfer-Encoding: chunked\r\n") && !Contains("Content-Length"));
  CHECK_THAT(caller.ask("6\r\nsecond\r\n0\r\n\r\n").body, Contains("second"));
}

TEST_CASE("who waits for permission to send his body gets it", "[proxy]") {
  scripted_server executor{[](peer& caller) { caller.send(ok(caller.request())); }};
  proxy_front front{{executor.where()}};
  client caller{front.port()};
  caller.send(keyed("POST", "/", "Content-Length: 4\r\nExpect: 100-continue\r\n"));
  CHECK(caller.read_some() == "HTTP/1.1 100 Continue\r\n\r\n");
  CHECK_THAT(caller.ask("body").body, !Contains("xpect") && Contains("\r\n\r\nbody"));
}

TEST_CASE("events reach the caller as they happen, and the head before the first of them", "[proxy]") {
  http::test::signal head_seen;
  http::test::signal event_seen;
  scripted_server executor{[&](peer& caller) {
    caller.request();
    caller.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
    head_seen.wait();
    caller.send("9\r\ndata: 1\n\n\r\n");
    event_seen.wait();
    caller.send("9\r\ndata: 2\n\n\r\n0\r\n\r\n");
  }};
  proxy_front front{{executor.where()}};
  client caller{front.port()};
  caller.send(keyed("GET", "/"));
  std::string got;
  while (got.find("\r\n\r\n") == std::string::npos)
    got += caller.read_some();
  CHECK_THAT(got, Contains("text/event-stream") && Contains("Transfer-Encoding: chunked"));
  head_seen.set();
  while (got.find("data: 1\n\n") == std::string::npos)
    got += caller.read_some();
  event_seen.set();
  while (got.find("0\r\n\r\n") == std::string::npos)
    got += caller.read_some();
  CHECK_THAT(got, Contains("data: 2\n\n"));
}

TEST_CASE("a long answer of known length keeps it and comes as it is made", "[proxy]") {
  const std::string half(100000, 'a');
  http::test::signal seen;
  scripted_server executor{[&](peer& caller) {
    caller.request();
    caller.send("HTTP/1.1 200 OK\r\nContent-Length: 200000\r\n\r\n" + half);
    seen.wait();
    caller.send(half);
  }};
  proxy_front front{{executor.where()}};
  client caller{front.port()};
  caller.send(keyed("GET", "/"));
  std::string got;
  while (got.size() < half.size())
    got += caller.read_some();
  CHECK_THAT(got, Contains("Content-Length: 200000\r\n"));
  seen.set();
  auto body = got.find("\r\n\r\n") + 4;
  while (got.size() < body + 200000)
    got += caller.read_some();
  CHECK(got.size() == body + 200000);
}

TEST_CASE("an answer that ends with its connection is passed on as a whole one", "[proxy]") {
  scripted_server executor{[](peer& caller) {
    caller.request();
    caller.send("HTTP/1.1 200 OK\r\n\r\nuntil the end");
  }};
  proxy_front front{{executor.where()}};
  CHECK(client(front.port()).ask(keyed("GET", "/")).body == "until the end");
}

TEST_CASE("a caller who leaves ends the executor's work, before the answer and in the middle of it",
          "[proxy]") {
  const bool has_begun = GENERATE(false, true);
  http::test::signal asked;
  http::test::signal left;
  scripted_server executor{[&](peer& caller) {
    caller.request();
    if (has_begun)
      caller.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n");
    asked.set();
    caller.read_to_end();
    left.set();
  }};
  proxy_front front{{executor.where()}};
  client caller{front.port()};
  caller.send(keyed("GET", "/"));
  REQUIRE(asked.wait());
  if (has_begun)
    CHECK_FALSE(caller.read_some().empty());
  caller.leave();
  CHECK(left.wait());
  CHECK(eventually([&] { return front.node(0).in_flight == 0; }));
  CHECK(front.faults().empty());
}

TEST_CASE("a caller who leaves in the middle of his body ends the executor's request", "[proxy]") {
  http::test::signal begun;
  http::test::signal left;
  scripted_server executor{[&](peer& caller) {
    caller.read_until("abc");
    begun.set();
    caller.read_to_end();
    left.set();
  }};
  proxy_front front{{executor.where()}};
  client caller{front.port()};
  caller.send(keyed("POST", "/", "Content-Length: 10\r\n") + "abc");
  REQUIRE(begun.wait());
  caller.leave();
  CHECK(left.wait());
  CHECK(eventually([&] { return front.node(0).in_flight == 0; }));
}

TEST_CASE("an executor that answers before it has read the body is heard", "[proxy]") {
  scripted_server executor{[](peer& caller) {
    caller.read_until("\r\n\r\n");
    caller.send("HTTP/1.1 413 Too Large\r\nContent-Length: 4\r\nConnection: close\r\n\r\nfull");
    caller.read_to_end();
  }};
  proxy_front front{{executor.where()}};
  client caller{front.port()};
  caller.send(keyed("POST", "/", "Content-Length: 1000000\r\n") + std::string(1000, 'x'));
  auto got = caller.read();
  CHECK(got.status == 413);
  CHECK(got.body == "full");
}
