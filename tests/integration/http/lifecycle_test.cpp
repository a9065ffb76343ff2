#include "support/serving.hpp"

#include <catch2/catch.hpp>

#include <atomic>

using namespace std::chrono_literals;
using namespace opr::http;
using namespace opr::http::test;

namespace {

void echo(request&& asked, responder out) { out.send(text(asked.target + asked.body)); }

opr::time_point in(std::chrono::milliseconds from_now) { return opr::clock::now() + from_now; }

} // namespace

TEST_CASE("draining answers what was received and lets nobody in", "[http]") {
  held_requests requests;
  server front(loopback(), requests.handler());
  front.start();
  client waits(front.port());
  client idle(front.port());
  client uploads(front.port());
  waits.send(get("/1"));
  auto held = requests.next();
  uploads.send("POST /2 HTTP/1.1\r\nHost: t\r\nContent-Length: 3\r\n\r\na");
  REQUIRE(eventually([&] { return front.connections() == 3; }));
  std::this_thread::sleep_for(50ms); // the upload's first byte is in

  front.stop_accepting();
  CHECK(idle.sees_end());
  CHECK_THROWS(client(front.port()));
  CHECK_FALSE(front.drain(in(50ms)));

  held.out.send(text("one"));
  const auto got = waits.read();
  CHECK(got.body == "one");
  CHECK(*opr::find_header(got.headers, "connection") == "close");
  CHECK(waits.sees_end());

  uploads.send("bc");
  requests.next().out.send(text("two"));
  CHECK(uploads.read().body == "two");
  CHECK(front.drain(in(5s)));
}

TEST_CASE("draining waits until a slow reader has its answer", "[http]") {
  server front(loopback(), [](request&&, responder out) { out.send(text(std::string(20 << 20, 'x'))); });
  front.start();
  client slow(front.port(), 4096);
  slow.send(get());
  REQUIRE_FALSE(slow.read_some(1).empty());
  front.stop_accepting();
  CHECK_FALSE(front.drain(in(50ms)));
  std::thread reader([&] {
    size_t taken = 0;
    while (taken < (20u << 20))
      taken += slow.read_some(1 << 20).size();
  });
  CHECK(front.drain(in(20s)));
  reader.join();
}

TEST_CASE("an answer begun before draining is finished, and its connection closed", "[http]") {
  held_requests requests;
  server front(loopback(), requests.handler());
  front.start();
  client asks(front.port());
  asks.send(get());
  auto held = requests.next();
  held.out.start(text("a"));
  front.stop_accepting();
  held.out.write("b");
  held.out.finish();
  CHECK(asks.read().body == "ab");
  CHECK(front.drain(in(5s)));
  CHECK(asks.sees_end());
}

TEST_CASE("draining an idle server is done at once", "[http]") {
  server front(loopback(), echo);
  front.start();
  front.stop_accepting();
  front.stop_accepting();
  CHECK(front.drain(in(0ms)));
}

TEST_CASE("the process doesn't spin after accepting has stopped", "[http]") {
  held_requests requests;
  server front(loopback(), requests.handler());
  front.start();
  client asks(front.port());
  asks.send(get());
  auto held = requests.next();
  front.stop_accepting();
  const auto before = cpu_time();
  std::this_thread::sleep_for(500ms);
  CHECK(cpu_time() - before < 250ms); // Spinning takes all of it, a sanitizer's own thread some.
  held.out.send(text(""));
}

TEST_CASE("a server can go while answers to it are still being made", "[http]") {
  later threads(3);
  std::atomic<int> asked{0};
  {
    server front(loopback(), [&](request&&, responder out) {
      ++asked;
      out.on_gone([] {});
      threads.run_in(20ms, [out]() mutable {
        out.start(text("a"));
        out.write(std::string(1 << 20, 'b'));
        out.finish();
      });
    });
    front.start();
    std::vector<client> clients;
    for (int i = 0; i < 50; ++i) {
      clients.emplace_back(front.port());
      clients.back().send(get() + get());
    }
    REQUIRE(eventually([&] { return asked >= 50; }));
  }
  SUCCEED("and the answers went nowhere");
}

TEST_CASE("a server that was never started can go", "[http]") { server never(loopback(), echo); }

TEST_CASE("an address in use is an error that says so", "[http]") {
  server front(loopback(), echo);
  front.start();
  auto options = loopback();
  options.port = front.port();
  server second(options, echo);
  CHECK_THROWS_WITH(second.start(),
                    Catch::Matchers::Contains("127.0.0.1 port " + std::to_string(options.port)));
  CHECK(client(front.port()).ask(get("/x")).body == "/x");
}

TEST_CASE("every descriptor of a connection is given back", "[http]") {
  server front(loopback(), echo);
  front.start();
  CHECK(client(front.port()).ask(get()).status == 200);
  REQUIRE(eventually([&] { return front.connections() == 0; }));
  const auto before = open_descriptors();
  for (int i = 0; i < 300; ++i) {
    client asks(front.port());
    CHECK(asks.ask(i % 2 ? get() : get("/", "Connection: close\r\n")).status == 200);
    if (i % 3 == 0)
      asks.reset();
  }
  CHECK(eventually([&] { return front.connections() == 0 && open_descriptors() <= before; }));
}

TEST_CASE("a server that goes closes its clients' descriptors", "[http]") {
  std::vector<client> clients;
  auto front = std::make_unique<server>(loopback(), echo);
  front->start();
  const auto before = open_descriptors();
  for (int i = 0; i < 100; ++i)
    clients.emplace_back(front->port());
  REQUIRE(eventually([&] { return front->connections() == 100; }));
  front.reset();
  CHECK(open_descriptors() <= before + 100); // the clients' own ends
}
