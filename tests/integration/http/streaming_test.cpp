#include "support/serving.hpp"

#include <catch2/catch.hpp>

using namespace std::chrono_literals;
using namespace opr::http;
using namespace opr::http::test;

namespace {

struct fixture {
  fixture() : front(loopback(), requests.handler()), asks(front_port()) {}

  uint16_t front_port() {
    front.start();
    return front.port();
  }

  responder ask(const std::string& wire) {
    asks.send(wire);
    return requests.next().out;
  }

  held_requests requests;
  server front;
  client asks;
};

} // namespace

TEST_CASE_METHOD(fixture, "pieces leave as they are written", "[http]") {
  auto out = ask(get());
  out.start(text(""));
  CHECK_THAT(asks.read_some(), Catch::Matchers::Contains("Transfer-Encoding: chunked\r\n"));
  out.write("abc");
  CHECK(asks.read_some() == "3\r\nabc\r\n");
  out.write("");
  out.write("0123456789abcdef");
  CHECK(asks.read_some() == "10\r\n0123456789abcdef\r\n");
  out.finish();
  CHECK(asks.read_some() == "0\r\n\r\n");
  ask(get()).send(text("next"));
  CHECK(asks.read().body == "next");
}

TEST_CASE_METHOD(fixture, "an HTTP/1.0 client gets a streamed answer that ends with the connection",
                 "[http]") {
  auto out = ask("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  out.start(text("ab"));
  out.write("cd");
  out.finish();
  const auto got = asks.read();
  CHECK(got.body == "abcd");
  CHECK(opr::find_header(got.headers, "transfer-encoding") == nullptr);
}

TEST_CASE_METHOD(fixture, "a streamed answer that is given up can't be taken for a whole one", "[http]") {
  const std::string wire =
      GENERATE(as<std::string>(), "GET / HTTP/1.1\r\nHost: t\r\n\r\n", "GET / HTTP/1.0\r\n\r\n");
  {
    auto out = ask(wire);
    out.start(text("ab"));
    CHECK_FALSE(asks.read_some(1).empty());
  }
  CHECK(asks.sees_reset());
}

TEST_CASE_METHOD(fixture, "a streamed answer to HEAD has no body", "[http]") {
  auto out = ask("HEAD / HTTP/1.1\r\nHost: t\r\n\r\n");
  out.start(text("ab"));
  out.write("cd");
  out.finish();
  CHECK(asks.read(true).status == 200);
  ask(get()).send(text("next"));
  CHECK(asks.read().body == "next");
}

TEST_CASE_METHOD(fixture, "a streamed 204 has no body either", "[http]") {
  auto out = ask(get());
  out.start({204, {}, "ab"});
  out.write("cd");
  out.finish();
  CHECK(asks.read().status == 204);
  ask(get()).send(text("next"));
  CHECK(asks.read().body == "next");
}

TEST_CASE_METHOD(fixture, "a streamed answer with Connection: close ends the connection in order", "[http]") {
  auto out = ask(get("/", "Connection: close\r\n"));
  out.start(text("ab"));
  out.finish();
  CHECK(asks.read().body == "ab");
  CHECK(asks.sees_end());
}

TEST_CASE_METHOD(fixture, "a producer is told when the client has caught up", "[http]") {
  auto out = ask(get());
  signal at_once;
  out.on_drained(at_once.setter());
  CHECK(at_once.wait(0ms));
  out.start(text(std::string(20 << 20, 'x')));
  CHECK(out.pending() > 64 * 1024);
  signal drained;
  out.on_drained(drained.setter());
  CHECK_FALSE(drained.wait(100ms));
  size_t taken = 0;
  while (taken < (20u << 20))
    taken += asks.read_some(1 << 20).size();
  CHECK(drained.wait());
  CHECK(out.pending() < 64 * 1024);
  out.finish();
}

TEST_CASE_METHOD(fixture, "an answer of many pieces written by several threads stays one answer", "[http]") {
  auto out = ask(get());
  out.start(text(""));
  std::vector<std::thread> writers;
  for (int i = 0; i < 4; ++i)
    writers.emplace_back([out]() mutable {
      for (int j = 0; j < 500; ++j)
        out.write("0123456789");
    });
  for (auto& each : writers)
    each.join();
  out.finish();
  CHECK(asks.read().body.size() == 4 * 500 * 10);
}

TEST_CASE_METHOD(fixture, "an answer can't be split by a header that the application sends", "[http]") {
  ask(get()).send({200, {{"X", "a\r\nContent-Length: 0\r\n\r\nHTTP/1.1 200 OK"}, {"Y", "b"}}, "abc"});
  const auto got = asks.read();
  CHECK(got.body == "abc");
  CHECK(opr::find_header(got.headers, "x") == nullptr);
  CHECK(*opr::find_header(got.headers, "y") == "b");
}
