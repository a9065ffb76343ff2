#include "support/serving.hpp"

#include <catch2/catch.hpp>

using namespace std::chrono_literals;
using namespace opr::http;
using namespace opr::http::test;

namespace {

void echo(request&& asked, responder out) { out.send(text(asked.body)); }

/// Limits of a minute each, but for those that a test sets.
server_options patient() {
  auto out = loopback();
  out.header_timeout = out.body_timeout = out.idle_timeout = out.write_timeout = 60s;
  return out;
}

} // namespace

TEST_CASE("a header that doesn't come to its end gets a 408", "[http]") {
  auto options = patient();
  options.header_timeout = 100ms;
  server front(options, echo);
  front.start();
  client asks(front.port());
  CHECK(asks.ask("GET / HTTP/1.1\r\nHo").status == 408);
  CHECK(asks.sees_end());
}

TEST_CASE("sending a header bit by bit doesn't gain more time", "[http]") {
  auto options = patient();
  options.header_timeout = 300ms;
  server front(options, echo);
  front.start();
  client asks(front.port());
  asks.send("GET / HTTP/1.1\r\nHost: t\r\n");
  const auto begin = std::chrono::steady_clock::now();
  while (front.connections() > 0 && std::chrono::steady_clock::now() - begin < 10s && asks.send("X: y\r\n"))
    std::this_thread::sleep_for(20ms);
  CHECK(std::chrono::steady_clock::now() - begin < 8s);
  CHECK(asks.read().status == 408);
}

TEST_CASE("a body that doesn't come to its end gets a 408", "[http]") {
  auto options = patient();
  options.body_timeout = 200ms;
  server front(options, echo);
  front.start();
  client asks(front.port());
  asks.send("POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 1000\r\n\r\n");
  for (int i = 0; i < 5; ++i) {
    asks.send("x");
    std::this_thread::sleep_for(20ms);
  }
  CHECK(asks.read().status == 408);
  CHECK(asks.sees_end());
}

TEST_CASE("an idle connection is closed without a word, before and after a request", "[http]") {
  auto options = patient();
  options.idle_timeout = 100ms;
  server front(options, echo);
  front.start();
  client silent(front.port());
  client asked_once(front.port());
  CHECK(asked_once.ask(get()).status == 200);
  CHECK(silent.sees_end());
  CHECK(asked_once.sees_end());
  CHECK(eventually([&] { return front.connections() == 0; }));
}

TEST_CASE("a connection that was answered by another thread is closed when it is idle", "[http]") {
  auto options = patient();
  options.idle_timeout = 100ms;
  held_requests requests;
  server front(options, requests.handler());
  front.start();
  client asks(front.port());
  asks.send(get());
  auto held = requests.next();
  std::this_thread::sleep_for(300ms);
  CHECK_FALSE(held.out.gone()); // waiting for an answer isn't being idle
  held.out.send(text("x"));
  CHECK(asks.read().body == "x");
  CHECK(asks.sees_end());
}

TEST_CASE("a connection in use isn't closed as idle", "[http]") {
  auto options = patient();
  options.idle_timeout = 400ms;
  server front(options, echo);
  front.start();
  client asks(front.port());
  for (int i = 0; i < 12; ++i) {
    REQUIRE(asks.ask(get()).status == 200);
    std::this_thread::sleep_for(50ms);
  }
}

TEST_CASE("a client that takes nothing of its answer is cut off", "[http]") {
  auto options = patient();
  options.write_timeout = 200ms;
  held_requests requests;
  server front(options, requests.handler());
  front.start();
  client asks(front.port(), 4096);
  asks.send(get());
  auto held = requests.next();
  signal gone;
  held.out.on_gone(gone.setter());
  held.out.start(text(std::string(20 << 20, 'x')));
  CHECK(gone.wait(10s));
  CHECK(held.out.pending() == 0);
  CHECK(asks.sees_reset());
  CHECK(eventually([&] { return front.connections() == 0; }));
}

TEST_CASE("a client that takes its answer slowly isn't cut off", "[http]") {
  auto options = patient();
  options.write_timeout = 200ms;
  server front(options, [](request&&, responder out) { out.send(text(std::string(8 << 20, 'x'))); });
  front.start();
  client asks(front.port(), 4096);
  asks.send(get());
  size_t taken = 0;
  for (int i = 0; i < 50; ++i) { // about a second, five times the limit
    taken += asks.read_some(16384).size();
    std::this_thread::sleep_for(20ms);
  }
  while (taken < (8u << 20)) {
    const auto some = asks.read_some(1 << 20);
    REQUIRE_FALSE(some.empty());
    taken += some.size();
  }
}

TEST_CASE("a client that doesn't close after its last answer is closed", "[http]") {
  server front(loopback(), echo);
  front.start();
  client asks(front.port());
  CHECK(asks.ask(get("/", "Connection: close\r\n")).status == 200);
  CHECK(eventually([&] { return front.connections() == 0; }));
}
