#include "support/serving.hpp"

#include <catch2/catch.hpp>

using namespace std::chrono_literals;
using namespace opr::http;
using namespace opr::http::test;

namespace {

void leave(client& who, bool by_reset) {
  if (by_reset)
    who.reset();
  else
    who.leave();
}

struct fixture {
  fixture() : front(loopback(), requests.handler()) { front.start(); }

  bool all_is_gone() {
    return eventually([&] { return front.connections() == 0; });
  }

  held_requests requests;
  server front;
};

} // namespace

TEST_CASE_METHOD(fixture, "a client that leaves during an upload costs nothing", "[http]") {
  const auto before = open_descriptors();
  for (const bool by_reset : {false, true}) {
    client asks(front.port());
    asks.send("POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 1000\r\n\r\nabc");
    REQUIRE(eventually([&] { return front.connections() == 1; }));
    leave(asks, by_reset);
    CHECK(all_is_gone());
  }
  CHECK(eventually([&] { return open_descriptors() <= before; }));
}

TEST_CASE_METHOD(fixture, "a client that leaves while it waits is noticed at once", "[http]") {
  for (const bool by_reset : {false, true}) {
    client asks(front.port());
    asks.send(get());
    auto held = requests.next();
    signal gone;
    held.out.on_gone(gone.setter());
    CHECK_FALSE(held.out.gone());
    leave(asks, by_reset);
    CHECK(gone.wait(2s));
    CHECK(held.out.gone());
    signal again;
    held.out.on_gone(again.setter()); // at once, as it has left already
    CHECK(again.wait(0ms));
    held.out.send(text("too late"));
    CHECK(all_is_gone());
  }
}

TEST_CASE_METHOD(fixture, "a client that leaves during a streamed answer is noticed at once", "[http]") {
  for (const bool by_reset : {false, true}) {
    client asks(front.port());
    asks.send(get());
    auto held = requests.next();
    signal gone;
    held.out.on_gone(gone.setter());
    held.out.start(text("first"));
    CHECK_FALSE(asks.read_some(1).empty());
    leave(asks, by_reset);
    CHECK(gone.wait(2s));
    held.out.write("more");
    held.out = {};
    CHECK(all_is_gone());
  }
}

TEST_CASE_METHOD(fixture, "a client that leaves a blocked answer behind is noticed at once", "[http]") {
  client asks(front.port(), 4096);
  asks.send(get());
  auto held = requests.next();
  signal gone;
  signal drained;
  held.out.on_gone(gone.setter());
  held.out.start(text(std::string(20 << 20, 'x')));
  held.out.on_drained(drained.setter());
  CHECK_FALSE(drained.wait(0ms));
  asks.leave(); // with unread input: a reset
  CHECK(gone.wait(2s));
  CHECK(drained.wait(2s)); // nobody waits for ever
  CHECK(held.out.pending() == 0);
  CHECK(all_is_gone());
}

TEST_CASE_METHOD(fixture, "a client that only ends its sending side still gets its answers", "[http]") {
  client asks(front.port());
  asks.send(get("/1") + get("/2"));
  auto first = requests.next();
  signal told;
  first.out.on_gone(told.setter());
  asks.end_sending();
  CHECK(told.wait(2s)); // it might as well have left
  first.out.send(text("1"));
  CHECK(asks.read().body == "1");
  requests.next().out.send(text("2"));
  CHECK(asks.read().body == "2");
  CHECK(asks.sees_end());
  CHECK(all_is_gone());
}

TEST_CASE_METHOD(fixture, "what a client leaves behind when it goes is given up with it", "[http]") {
  client asks(front.port());
  asks.send(get("/1") + get("/2") + get("/3"));
  auto first = requests.next();
  asks.reset();
  REQUIRE(eventually([&] { return first.out.gone(); }));
  CHECK(all_is_gone());
  first.out.send(text("1"));
}

TEST_CASE_METHOD(fixture, "on_gone isn't called for a client that got its answer", "[http]") {
  client asks(front.port());
  asks.send(get());
  signal gone;
  {
    auto held = requests.next();
    held.out.on_gone(gone.setter());
    held.out.send(text("x"));
  }
  CHECK(asks.read().status == 200);
  asks.leave();
  CHECK(all_is_gone());
  CHECK_FALSE(gone.wait(0ms));
}

TEST_CASE_METHOD(fixture, "what on_gone holds is let go with the answer", "[http]") {
  client asks(front.port());
  asks.send(get());
  const auto held_by_it = std::make_shared<int>(1);
  auto held = requests.next();
  held.out.on_gone([held_by_it] {});
  held.out.send(text("x"));
  CHECK(asks.read().status == 200);
  CHECK(eventually([&] { return held_by_it.use_count() == 1; }));
}
