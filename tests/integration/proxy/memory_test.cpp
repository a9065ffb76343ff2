#include "support/proxy_front.hpp"
#include "support/serving.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <future>
#include <thread>

using namespace opr;
using namespace opr::test;
using opr::http::test::client;
using namespace opr::http::test;
using namespace std::chrono_literals;

namespace {

constexpr size_t block = 64 * 1024;

} // namespace

TEST_CASE("a caller who doesn't read keeps the executor from sending, not the proxy busy", "[proxy]") {
  std::promise<size_t> taken;
  scripted_server executor{[&](peer& caller) {
    caller.request();
    caller.send("HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n");
    taken.set_value(caller.send_until_stuck(1 << 30));
  }};
  proxy_front front{{executor.where()}};
  client caller{front.port(), 64 * 1024};
  caller.send(opr::test::keyed("GET", "/"));
  auto end = taken.get_future();
  REQUIRE(end.wait_for(client::patience) == std::future_status::ready);
  CHECK(end.get() < size_t{24} << 20); // What the kernel's buffers hold, and a little here.
}

TEST_CASE("an executor that doesn't read keeps the caller from sending", "[proxy]") {
  http::test::signal over;
  scripted_server executor{[&](peer& caller) {
    caller.read_until("\r\n\r\n");
    over.wait();
  }};
  proxy_front front{{executor.where()}};
  net::address where{{}, "127.0.0.1", front.port()};
  client caller{front.port()};
  caller.send(opr::test::keyed("POST", "/", "Content-Length: 1073741824\r\n"));
  std::atomic<size_t> sent{0};
  std::atomic<bool> done{false};
  std::thread sender{[&] {
    const std::string piece(block, 'x');
    while (!done && sent < (size_t{1} << 30) && caller.send(piece))
      sent += piece.size();
  }};
  size_t before = 0;
  do { // until it is stuck
    before = sent;
    std::this_thread::sleep_for(300ms);
  } while (sent != before);
  CHECK(sent < size_t{64} << 20);
  done = true;
  over.set();
  sender.join();
}
