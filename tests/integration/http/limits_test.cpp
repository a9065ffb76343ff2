#include "support/serving.hpp"

#include <catch2/catch.hpp>

using namespace std::chrono_literals;
using namespace opr::http;
using namespace opr::http::test;

namespace {

void echo(request&& asked, responder out) { out.send(text(std::to_string(asked.body.size()))); }

server_options small() {
  auto out = loopback();
  out.max_header_bytes = 4096;
  out.max_body_bytes = 1 << 20;
  return out;
}

} // namespace

TEST_CASE("a client that sends on after its body was refused can still read why", "[http]") {
  server front(small(), echo);
  front.start();
  client asks(front.port());
  asks.send("POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 1500000\r\n\r\n");
  for (int i = 0; i < 15; ++i) { // goes on when the answer has long been sent
    std::this_thread::sleep_for(5ms);
    CHECK(asks.send(std::string(100'000, 'x')));
  }
  CHECK(asks.read().status == 413);
  CHECK(asks.sees_end());
}

TEST_CASE("a client that goes on sending after a refusal without end is cut off", "[http]") {
  server front(small(), echo);
  front.start();
  client asks(front.port());
  asks.send(post(std::string(1 << 21, 'x')));
  const std::string more(1 << 16, 'x');
  size_t sent = 0;
  while (sent < (64u << 20) && asks.send(more))
    sent += more.size();
  CHECK(sent < (32u << 20));
  CHECK(eventually([&] { return front.connections() == 0; }));
}

TEST_CASE("a chunked body that grows over the limit is refused while it comes", "[http]") {
  server front(small(), echo);
  front.start();
  client asks(front.port());
  asks.send("POST / HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n");
  const auto chunk = "10000\r\n" + std::string(0x10000, 'x') + "\r\n";
  for (int i = 0; i < 17; ++i)
    asks.send(chunk);
  CHECK(asks.read().status == 413);
  CHECK(asks.sees_end());
}

TEST_CASE("bodies and headers up to the limit pass", "[http]") {
  server front(small(), echo);
  front.start();
  client asks(front.port());
  CHECK(asks.ask(post(std::string(1 << 20, 'x'))).body == "1048576");
  CHECK(asks.ask(get("/", "X: " + std::string(4000, 'x') + "\r\n")).status == 200);
  CHECK(asks.ask(get("/", "X: " + std::string(4096, 'x') + "\r\n")).status == 431);
  CHECK(asks.sees_end());
}

TEST_CASE("clients over the connection limit are told so, and let in again when others leave", "[http]") {
  auto options = small();
  options.max_connections = 3;
  server front(options, echo);
  front.start();
  std::vector<client> inside;
  for (int i = 0; i < 3; ++i) {
    inside.emplace_back(front.port());
    REQUIRE(inside.back().ask(get()).status == 200);
  }
  client outside(front.port());
  outside.send(get());
  CHECK(outside.read().status == 503);
  CHECK(outside.sees_end());
  outside.leave();
  CHECK(inside[0].ask(get()).status == 200);
  inside.pop_back();
  REQUIRE(eventually([&] { return front.connections() == 2; }));
  CHECK(client(front.port()).ask(get()).status == 200);
}

TEST_CASE("a flood over the connection limit leaves nothing behind", "[http]") {
  auto options = small();
  options.max_connections = 3;
  server front(options, echo);
  front.start();
  const auto before = open_descriptors();
  {
    std::vector<client> flood;
    for (int i = 0; i < 400; ++i)
      flood.emplace_back(front.port());
    CHECK(eventually([&] { return front.connections() <= 3 + 128; }));
  }
  CHECK(eventually([&] { return front.connections() == 0 && open_descriptors() <= before; }));
}

TEST_CASE("a client that sends far ahead of its answers is cut off", "[http]") {
  held_requests requests;
  server front(loopback(), requests.handler());
  front.start();
  client asks(front.port());
  asks.send(get());
  auto first = requests.next();
  std::string wire;
  while (wire.size() < 8192)
    wire += get();
  size_t sent = 0;
  while (sent < (64u << 20) && asks.send(wire))
    sent += wire.size();
  CHECK(sent < (32u << 20));
  CHECK(eventually([&] { return first.out.gone(); }));
}

TEST_CASE("a client may pipeline a good deal while its answer is being made", "[http]") {
  held_requests requests;
  server front(loopback(), requests.handler());
  front.start();
  client asks(front.port());
  asks.send(get());
  auto first = requests.next();
  asks.send(post(std::string(900 * 1024, 'x')));
  first.out.send(text("1"));
  CHECK(asks.read().body == "1");
  CHECK(requests.next().asked.body.size() == 900 * 1024);
}
