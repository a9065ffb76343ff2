#include "support/serving.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <random>

using namespace std::chrono_literals;
using namespace opr::http;
using namespace opr::http::test;

namespace {

struct fixture {
  fixture()
      : front(loopback(),
              [this](request&& asked, responder out) { ++served, out.send(text(asked.target)); }) {
    front.start();
  }

  std::atomic<int> served{0};
  server front;
};

} // namespace

TEST_CASE_METHOD(fixture, "a request is never smuggled inside the body of another", "[http]") {
  const auto* fields =
      GENERATE("Transfer-Encoding: xchunked\r\n", "Transfer-Encoding: chunked, identity\r\n",
               "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
               "Content-Length: 0\r\nContent-Length: 5\r\n", "X: a\r\n Content-Length: 5\r\n");
  client asks(front.port());
  const auto got =
      asks.ask("POST /outer HTTP/1.1\r\nHost: t\r\n" + std::string(fields) + "\r\n0\r\n\r\n" + get("/inner"));
  CHECK(got.status == 400);
  CHECK(asks.sees_end());
  CHECK(served == 0);
}

TEST_CASE_METHOD(fixture, "random bytes harm nobody", "[http]") {
  std::minstd_rand random(7);
  const auto good = post("abc", "/x", "X: y\r\n");
  for (int i = 0; i < 500; ++i) {
    client asks(front.port());
    auto wire = good;
    for (int change = 0; change < 3; ++change)
      wire[random() % wire.size()] = static_cast<char>(random());
    asks.send(wire);
    if (i % 2)
      asks.end_sending();
    else
      asks.leave();
  }
  CHECK(client(front.port()).ask(get("/alive")).body == "/alive");
  CHECK(eventually([&] { return front.connections() == 0; }));
}

TEST_CASE_METHOD(fixture, "clients that come and go without a word leave nothing behind", "[http]") {
  const auto before = open_descriptors();
  for (int i = 0; i < 1000; ++i) {
    client asks(front.port());
    if (i % 2)
      asks.reset();
  }
  CHECK(eventually([&] { return front.connections() == 0 && open_descriptors() <= before; }));
}

TEST_CASE_METHOD(fixture, "a thousand pipelined requests and a departure end well", "[http]") {
  std::string wire;
  for (int i = 0; i < 1000; ++i)
    wire += get();
  for (int i = 0; i < 20; ++i) {
    client asks(front.port(), 4096);
    asks.send(wire);
    asks.reset();
  }
  CHECK(eventually([&] { return front.connections() == 0; }));
}
