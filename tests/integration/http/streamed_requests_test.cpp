#include "net/http_client.hpp"
#include "support/serving.hpp"

#include <catch2/catch.hpp>

#include <future>

using namespace std::chrono_literals;
using namespace opr::http;
using namespace opr::http::test;

namespace {

server_options streaming() {
  auto out = loopback();
  out.stream_bodies = true;
  out.max_body_bytes = 100 * 1024 * 1024;
  return out;
}

struct fixture {
  explicit fixture(server_options options = streaming())
      : front(std::move(options), requests.handler()), asks(front_port()) {}

  uint16_t front_port() {
    front.start();
    return front.port();
  }

  held_requests::held ask(const std::string& wire) {
    asks.send(wire);
    return requests.next();
  }

  held_requests requests;
  server front;
  client asks;
};

struct impatient_fixture : fixture {
  impatient_fixture()
      : fixture([] {
          auto out = streaming();
          out.body_timeout = 800ms;
          return out;
        }()) {}
};

std::string next_piece(request& from) {
  auto came = std::make_shared<std::promise<std::string>>();
  from.stream->pull([came](std::string piece) { came->set_value(std::move(piece)); });
  auto piece = came->get_future();
  if (piece.wait_for(client::patience) != std::future_status::ready)
    throw std::runtime_error("no piece came");
  return piece.get();
}

/// Pulls until that many bytes are there.
std::string bytes_of(request& from, size_t count) {
  std::string all;
  while (all.size() < count)
    all += next_piece(from);
  return all;
}

std::string head_of_post(size_t length, const std::string& fields = {}) {
  return "POST / HTTP/1.1\r\nHost: t\r\nContent-Length: " + std::to_string(length) + "\r\n" + fields + "\r\n";
}

} // namespace

TEST_CASE_METHOD(fixture, "a request is handed over before its body has come", "[http]") {
  auto held = ask(head_of_post(6));
  REQUIRE(held.asked.stream);
  CHECK(held.asked.body.empty());
  CHECK(held.asked.body_length == 6U);
  asks.send("abc");
  CHECK(next_piece(held.asked) == "abc");
  asks.send("def");
  CHECK(next_piece(held.asked) == "def");
  CHECK(next_piece(held.asked).empty());
  held.out.send(text("thanks"));
  CHECK(asks.read().body == "thanks");
  ask(get()).out.send(text("next"));
  CHECK(asks.read().body == "next");
}

TEST_CASE_METHOD(fixture, "a body that comes with its head needs no stream", "[http]") {
  auto held = ask(post("abc"));
  CHECK_FALSE(held.asked.stream);
  CHECK(held.asked.body == "abc");
}

TEST_CASE_METHOD(fixture, "a chunked body streams without its chunks, and names no length", "[http]") {
  auto held = ask("POST / HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
  REQUIRE(held.asked.stream);
  CHECK_FALSE(held.asked.body_length);
  CHECK(next_piece(held.asked) == "abc");
  asks.send("2\r\nde\r\n0\r\n\r\n");
  CHECK(next_piece(held.asked) == "de");
  CHECK(next_piece(held.asked).empty());
}

TEST_CASE_METHOD(fixture, "a client that waits for leave to send gets it when the body is wanted", "[http]") {
  auto held = ask(head_of_post(3, "Expect: 100-continue\r\n"));
  std::promise<std::string> piece;
  held.asked.stream->pull([&](std::string got) { piece.set_value(std::move(got)); });
  CHECK(asks.read_some() == "HTTP/1.1 100 Continue\r\n\r\n");
  asks.send("abc");
  CHECK(piece.get_future().get() == "abc");
  held.out.send(text("done"));
  CHECK(asks.read().body == "done");
}

TEST_CASE_METHOD(fixture, "a client that is refused isn't given leave to send", "[http]") {
  ask(head_of_post(3, "Expect: 100-continue\r\n")).out.send({401, {}, "no"});
  const auto got = asks.read();
  CHECK(got.status == 401);
  CHECK(*opr::find_header(got.headers, "connection") == "close");
}

TEST_CASE_METHOD(fixture, "an answer that overtakes its request's body ends the connection", "[http]") {
  auto held = ask(head_of_post(1000000));
  held.out.send({413, {}, "too much"});
  const auto got = asks.read();
  CHECK(got.status == 413);
  CHECK(*opr::find_header(got.headers, "connection") == "close");
  asks.send("GET /smuggled HTTP/1.1\r\nHost: t\r\n\r\n");
  CHECK(asks.sees_end());
}

TEST_CASE_METHOD(fixture, "a client that leaves in the middle of its body is told of, and no end is made up",
                 "[http]") {
  auto held = ask(head_of_post(6));
  signal gone;
  held.out.on_gone(gone.setter());
  asks.send("abc");
  CHECK(next_piece(held.asked) == "abc");
  bool called = false;
  held.asked.stream->pull([&](const std::string&) { called = true; });
  asks.leave();
  CHECK(gone.wait());
  CHECK_FALSE(called);
}

TEST_CASE_METHOD(fixture, "a body that nobody pulls stops its client, and costs little memory", "[http]") {
  constexpr size_t size = 64 * 1024 * 1024;
  auto held = ask(head_of_post(size));
  const auto before = forget_peak();
  auto sending = std::async(std::launch::async, [&] { return asks.send(std::string(size, 'x')); });
  CHECK(sending.wait_for(300ms) == std::future_status::timeout);
  CHECK(bytes_of(held.asked, size).size() == size);
  CHECK(sending.get());
  // What the test itself sends and collects, and what the server may hold.
  CHECK(peak_memory() - before < 2 * size + size / 2 + 1024 * 1024);
  held.out.send(text("done"));
  CHECK(asks.read().body == "done");
}

TEST_CASE_METHOD(fixture, "a malformed chunk in the middle of a body is refused, and its puller told",
                 "[http]") {
  auto held = ask("POST / HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
  signal gone;
  held.out.on_gone(gone.setter());
  asks.send("zz\r\n");
  CHECK(gone.wait());
  CHECK(asks.read().status == 400);
}

TEST_CASE_METHOD(fixture, "a malformed chunk cuts an answer that has begun", "[http]") {
  auto held = ask("POST / HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
  held.out.start(text("so far"));
  asks.send("zz\r\n");
  CHECK(asks.sees_reset());
}

TEST_CASE_METHOD(impatient_fixture, "a body that stalls is refused after its time, however much came before",
                 "[http]") {
  auto held = ask(head_of_post(1000));
  for (int i = 0; i < 4; ++i) {
    asks.send("abc");
    CHECK(next_piece(held.asked) == "abc");
    std::this_thread::sleep_for(250ms); // more than the limit in all, and far less each, for slow machines
  }
  CHECK(asks.read().status == 408);
}

TEST_CASE_METHOD(fixture, "an answer may promise its length and stream", "[http]") {
  auto held = ask(get());
  held.out.start({200, {{"Content-Length", "6"}}, "abc"});
  held.out.write("def");
  held.out.finish();
  const auto got = asks.read();
  CHECK(got.body == "abcdef");
  CHECK(*opr::find_header(got.headers, "content-length") == "6");
  CHECK(opr::find_header(got.headers, "transfer-encoding") == nullptr);
  ask(get()).out.send(text("next"));
  CHECK(asks.read().body == "next");
}

TEST_CASE_METHOD(fixture, "an answer that doesn't keep the length that it promised is cut", "[http]") {
  auto held = ask(get());
  held.out.start({200, {{"Content-Length", "6"}}, "abc"});
  const auto pieces = GENERATE(as<std::string>(), "", "defg");
  held.out.write(pieces);
  held.out.finish();
  CHECK(asks.sees_reset());
}

TEST_CASE_METHOD(
    fixture, "a client that is answered while nobody takes its body is read to the end, and gets the answer",
    "[http]") {
  constexpr size_t large = 50 << 20;
  auto held = ask(head_of_post(large));
  auto sent = std::async(std::launch::async, [&] { return asks.send(std::string(large, 'x')); });
  CHECK(sent.wait_for(300ms) == std::future_status::timeout);
  std::exchange(held.out, {}).send(text("enough"));
  REQUIRE(sent.get());
  CHECK(asks.read().body == "enough");
}

TEST_CASE_METHOD(fixture, "a client that breaks off while nobody takes its body is told of", "[http]") {
  auto held = ask(head_of_post(1 << 20));
  signal left;
  held.out.on_gone(left.setter());
  asks.send(std::string(400 * 1024, 'x')); // More than is held here; the kernel takes the rest.
  CHECK_FALSE(left.wait(100ms));
  asks.reset();
  CHECK(left.wait());
}

TEST_CASE_METHOD(fixture, "a server may begin to drain as it learns that a client breaks off", "[http]") {
  auto held = ask(head_of_post(1 << 20));
  signal draining;
  held.out.on_gone([&] {
    front.stop_accepting();
    draining.set();
  });
  asks.send(std::string(400 * 1024, 'x'));
  CHECK_FALSE(draining.wait(100ms));
  asks.reset();
  REQUIRE(draining.wait());
  CHECK(eventually([&] { return front.connections() == 0; }));
}
