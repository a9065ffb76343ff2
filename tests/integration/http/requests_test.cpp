#include "support/serving.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <atomic>
#include <random>

using namespace std::chrono_literals;
using namespace opr::http;
using namespace opr::http::test;

namespace {

void echo(request&& asked, responder out) { out.send(text(asked.target + asked.body)); }

} // namespace

TEST_CASE("a request that comes byte by byte is answered like any other", "[http]") {
  server front(loopback(), echo);
  front.start();
  client asks(front.port());
  for (const auto& wire : {get("/a"), post("body", "/b"),
                           std::string("POST /c HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n"
                                       "2;x=y\r\nde\r\n1\r\nf\r\n0\r\nT: u\r\n\r\n")})
    for (const char byte : wire)
      asks.send({&byte, 1});
  CHECK(asks.read().body == "/a");
  CHECK(asks.read().body == "/bbody");
  CHECK(asks.read().body == "/cdef");
}

TEST_CASE("pipelined requests are answered in order, whatever thread is done first", "[http]") {
  later threads(4);
  std::minstd_rand random(1);
  std::atomic<int> at_once{0};
  std::atomic<int> most_at_once{0};
  server front(loopback(), [&](request&& asked, responder out) {
    most_at_once = std::max<int>(most_at_once, ++at_once);
    threads.run_in(std::chrono::microseconds(random() % 500), [&, out, target = asked.target]() mutable {
      --at_once;
      out.send(text(target));
    });
  });
  front.start();
  client asks(front.port());
  std::string wire;
  for (int i = 0; i < 300; ++i)
    wire += i % 3 ? get("/" + std::to_string(i)) : post("xyz", "/" + std::to_string(i));
  asks.send(wire);
  for (int i = 0; i < 300; ++i)
    REQUIRE(asks.read().body == "/" + std::to_string(i));
  CHECK(most_at_once == 1);
}

TEST_CASE("the handler runs on one thread, for pipelined requests too", "[http]") {
  later threads(2);
  std::mutex mutex;
  std::vector<std::thread::id> ids;
  server front(loopback(), [&](request&&, responder out) {
    std::lock_guard lock(mutex);
    ids.push_back(std::this_thread::get_id());
    threads.run_in(100us, [out]() mutable { out.send(text("x")); });
  });
  front.start();
  client asks(front.port());
  asks.send(get() + get() + get() + get());
  for (int i = 0; i < 4; ++i)
    CHECK(asks.read().status == 200);
  std::lock_guard lock(mutex);
  CHECK(ids == std::vector<std::thread::id>(4, ids.front()));
}

TEST_CASE("an answer can be sent before the handler returns, later, or never", "[http]") {
  held_requests requests;
  server front(loopback(), requests.handler());
  front.start();
  client asks(front.port());
  asks.send(get("/1"));
  { auto dropped = requests.next(); }
  CHECK(asks.read().status == 500);
  asks.send(get("/2")); // the connection goes on
  requests.next().out.send(text("2"));
  CHECK(asks.read().body == "2");
}

TEST_CASE("a handler that throws makes a 500, not the end of the server", "[http]") {
  server front(loopback(), [](request&& asked, responder out) {
    if (asked.target == "/bad")
      throw std::runtime_error("no");
    out.send(text("good"));
  });
  front.start();
  client asks(front.port());
  CHECK(asks.ask(get("/bad")).body == "no\n");
  CHECK(asks.ask(get("/good")).body == "good");
}

TEST_CASE("only the first answer counts", "[http]") {
  server front(loopback(), [](request&&, responder out) {
    auto copy = out;
    out.send(text("first"));
    copy.send(text("second"));
    copy.start(text("third"));
    copy.write("fourth");
    copy.finish();
  });
  front.start();
  client asks(front.port());
  CHECK(asks.ask(get()).body == "first");
  CHECK(asks.ask(get()).body == "first");
}

TEST_CASE("HTTP/1.0 connections end with the answer unless they ask to stay", "[http]") {
  server front(loopback(), echo);
  front.start();
  client leaves(front.port());
  const auto got = leaves.ask("GET /a HTTP/1.0\r\n\r\n");
  CHECK(got.body == "/a");
  CHECK(*opr::find_header(got.headers, "connection") == "close");
  CHECK(leaves.sees_end());

  client stays(front.port());
  const auto first = stays.ask("GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  CHECK(*opr::find_header(first.headers, "connection") == "keep-alive");
  CHECK(stays.ask("GET /b HTTP/1.0\r\n\r\n").body == "/b");
  CHECK(stays.sees_end());
}

TEST_CASE("HTTP/1.1 connections stay until the client says close", "[http]") {
  server front(loopback(), echo);
  front.start();
  client asks(front.port());
  CHECK(opr::find_header(asks.ask(get("/a")).headers, "connection") == nullptr);
  const auto last = asks.ask(get("/b", "Connection: close\r\n") + get("/never"));
  CHECK(last.body == "/b");
  CHECK(*opr::find_header(last.headers, "connection") == "close");
  CHECK(asks.sees_end());
}

TEST_CASE("every answer names the server and the date, the front end's own too", "[http]") {
  server front(loopback(), echo);
  front.start();
  for (const auto& wire : {get("/a"), std::string("nonsense\r\n\r\n")}) {
    const auto got = client(front.port()).ask(wire);
    CHECK(*opr::find_header(got.headers, "server") == "Test");
    CHECK(opr::find_header(got.headers, "date") != nullptr);
  }
}

TEST_CASE("the front end's own errors look as the program wants them", "[http]") {
  auto options = loopback();
  options.error_page = [](int status, std::string_view) {
    return response{
        status, {{"Content-Type", "application/json"}}, "{\"code\":" + std::to_string(status) + "}"};
  };
  server front(options, echo);
  front.start();
  CHECK(client(front.port()).ask("nonsense\r\n\r\n").body == "{\"code\":400}");
  CHECK(client(front.port()).ask("GET / HTTP/3.0\r\n\r\n").body == "{\"code\":505}");
}

TEST_CASE("an IPv6 address can be listened on", "[http]") {
  auto options = loopback();
  options.address = "::1";
  server front(options, echo);
  front.start();
  CHECK(front.port() != 0);
}
