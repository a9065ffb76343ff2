// The faults of Pistache's own parser and writer, one by one: this server must have none of them.
#include "http/server/endpoint/listening_socket.hpp"
#include "support/serving.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

using namespace std::chrono_literals;
using namespace opr::http;
using namespace opr::http::test;

namespace {

void echo(request&& asked, responder out) {
  out.send(text(asked.method + " " + asked.target + " " + asked.body));
}

struct echoing {
  explicit echoing(server_options options = loopback()) : front(std::move(options), echo) { front.start(); }
  server front;
};

} // namespace

TEST_CASE("an answer never reaches the client that came after the one that asked", "[http]") {
  held_requests requests;
  server front(loopback(), requests.handler());
  front.start();
  for (int i = 0; i < 50; ++i) {
    client asks(front.port());
    asks.send(get("/first"));
    auto first = requests.next();
    asks.reset();
    REQUIRE(eventually([&] { return first.out.gone(); }));
    client comes_next(front.port()); // with the descriptor's number of the one that left
    comes_next.send(get("/second"));
    auto second = requests.next();
    first.out.send(text("for the first"));
    second.out.send(text("for the second"));
    CHECK(comes_next.read().body == "for the second");
  }
}

TEST_CASE("answering in pieces from another thread doesn't end the process", "[http]") {
  later threads(2);
  server front(loopback(), [&](request&&, responder out) {
    threads.run_in(0us, [out]() mutable {
      out.start(text("a"));
      out.write("b");
      out.finish();
    });
  });
  front.start();
  client asks(front.port());
  for (int i = 0; i < 100; ++i)
    CHECK(asks.ask(get()).body == "ab");
}

TEST_CASE("a chunked request cut between CR and LF is read", "[http]") {
  echoing serving;
  client asks(serving.front.port());
  const std::string wire =
      "POST / HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n";
  for (size_t cut = 1; cut < wire.size(); ++cut) {
    asks.send(wire.substr(0, cut));
    std::this_thread::sleep_for(1ms); // lets the server read the first part by itself
    CHECK(asks.ask(wire.substr(cut)).body == "POST / abc");
  }
}

TEST_CASE("a body over the limit isn't taken for further requests", "[http]") {
  auto options = loopback();
  options.max_body_bytes = 1000;
  echoing serving(options);
  client asks(serving.front.port());
  std::string requests;
  for (int i = 0; i < 500; ++i)
    requests += get("/inner");
  CHECK(asks.ask(post(requests)).status == 413);
  CHECK(asks.sees_end());
}

TEST_CASE("a client that waits for 100 Continue gets it", "[http]") {
  echoing serving;
  client asks(serving.front.port());
  asks.send("POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
  CHECK(asks.read_some() == "HTTP/1.1 100 Continue\r\n\r\n");
  CHECK(asks.ask("abc").body == "POST / abc");
}

TEST_CASE("100 Continue isn't sent for a body that is too large, nor when the body has come", "[http]") {
  auto options = loopback();
  options.max_body_bytes = 1000;
  echoing serving(options);
  client too_large(serving.front.port());
  CHECK(too_large.ask("POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 1001\r\nExpect: 100-continue\r\n\r\n")
            .status == 413);
  client hasty(serving.front.port());
  CHECK(hasty.ask(post("abc", "/", "Expect: 100-continue\r\n")).status == 200);
}

TEST_CASE("pipelined requests are all answered", "[http]") {
  echoing serving;
  client asks(serving.front.port());
  std::string wire;
  for (int i = 0; i < 1000; ++i)
    wire += get("/" + std::to_string(i));
  asks.send(wire);
  for (int i = 0; i < 1000; ++i)
    REQUIRE(asks.read().body == "GET /" + std::to_string(i) + " ");
}

TEST_CASE("a length that is no number is refused", "[http]") {
  echoing serving;
  client asks(serving.front.port());
  CHECK(asks.ask("POST / HTTP/1.1\r\nHost: t\r\nContent-Length: abc\r\n\r\nabc").status == 400);
  CHECK(asks.sees_end());
}

TEST_CASE("odd values of well-known headers reach the handler", "[http]") {
  server front(loopback(), [](request&& asked, responder out) {
    std::string all;
    for (const auto& field : asked.headers)
      all += field.name + "=" + field.value + "|";
    out.send(text(all));
  });
  front.start();
  client asks(front.port());
  CHECK(asks.ask(get("/", "Accept: ;;q\r\nContent-Type: x\r\nDate: never\r\nCookie: =;\r\nCookie: b\r\n"
                          "Cache-Control: max-age=x\r\n"))
            .body ==
        "host=t|accept=;;q|content-type=x|date=never|cookie==;|cookie=b|cache-control=max-age=x|");
}

TEST_CASE("an answer to HEAD has no body", "[http]") {
  echoing serving;
  client asks(serving.front.port());
  asks.send("HEAD /x HTTP/1.1\r\nHost: t\r\n\r\n");
  const auto got = asks.read(true);
  CHECK(got.status == 200);
  CHECK(*opr::find_header(got.headers, "content-length") == "8");
  CHECK(asks.ask(get("/next")).body == "GET /next "); // nothing of a body was in between
}

TEST_CASE("a large body is read in linear time, within another limit than the header's", "[http]") {
  echoing serving;
  client asks(serving.front.port());
  auto cost_of = [&](size_t size) {
    const auto before = cpu_time();
    CHECK(asks.ask(post(std::string(size, 'x'))).body.size() == size + 7);
    return cpu_time() - before;
  };
  const auto quarter = cost_of(5 << 20);
  CHECK(cost_of(20 << 20) <
        std::max<std::chrono::microseconds>(2s, 8 * quarter)); // on a slow machine, not the square
  CHECK(asks.ask(get("/", "X: " + std::string(65 * 1024, 'a') + "\r\n")).status == 431);
}

TEST_CASE("an answer that takes longer than the header may is still the handler's", "[http]") {
  auto options = loopback();
  options.header_timeout = options.body_timeout = options.idle_timeout = 40ms;
  later threads(1);
  server front(options, [&](request&&, responder out) {
    threads.run_in(300ms, [out]() mutable { out.send(text("late")); });
  });
  front.start();
  client asks(front.port());
  CHECK(asks.ask(get()).body == "late");
}

TEST_CASE("more than 128 clients may wait to be accepted", "[http]") {
  const auto before = listening_socket::all();
  echoing serving;
  unsigned longest_queue = 0;
  for (const int descriptor : listening_socket::all()) {
    tcp_info info{};
    socklen_t size = sizeof info;
    const bool is_new = std::find(before.begin(), before.end(), descriptor) == before.end();
    if (is_new && ::getsockopt(descriptor, IPPROTO_TCP, TCP_INFO, &info, &size) == 0)
      longest_queue = std::max(longest_queue, info.tcpi_sacked); // what this field means while listening
  }
  CHECK(longest_queue >= 1024);
}

TEST_CASE("a port just left can be bound again", "[http]") {
  auto options = loopback();
  for (int i = 0; i < 3; ++i) {
    echoing serving(options);
    options.port = serving.front.port();
    CHECK(client(options.port).ask(get("/", "Connection: close\r\n")).status == 200);
  }
}
