#include "support/serving.hpp"

#include <catch2/catch.hpp>

#include <atomic>

using namespace std::chrono_literals;
using namespace opr::http;
using namespace opr::http::test;

TEST_CASE("a slow reader of 20 MB holds up nobody and burns no CPU", "[http]") {
  constexpr size_t large = 20 << 20;
  server front(loopback(), [](request&& asked, responder out) {
    out.send(text(asked.target == "/large" ? std::string(large, 'x') : "small"));
  });
  front.start();
  client slow(front.port(), 4096);
  slow.send(get("/large"));
  REQUIRE_FALSE(slow.read_some(100).empty());

  std::this_thread::sleep_for(500ms); // Until the answer is made and the kernel's buffers are full.
  const auto before = cpu_time();
  std::this_thread::sleep_for(1s);
  CHECK(cpu_time() - before < 500ms); // Spinning takes all of it, a sanitizer's own thread some.

  client other(front.port());
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < 100; ++i)
    CHECK(other.ask(get("/small")).body == "small");
  CHECK(std::chrono::steady_clock::now() - begin < 2s);

  size_t taken = 100;
  while (taken < large) {
    const auto some = slow.read_some(1 << 20);
    REQUIRE_FALSE(some.empty());
    taken += some.size();
  }
}

TEST_CASE("many slow readers get their own answers, whole", "[http]") {
  constexpr size_t size = 3 << 20;
  later threads(3);
  server front(loopback(), [&](request&& asked, responder out) {
    threads.run_in(0us,
                   [out, letter = asked.target[1]]() mutable { out.send(text(std::string(size, letter))); });
  });
  front.start();
  std::vector<client> readers;
  for (char letter = 'a'; letter <= 'z'; ++letter) {
    readers.emplace_back(front.port(), 4096);
    readers.back().send(get(std::string("/") + letter));
  }
  char letter = 'a';
  for (auto& each : readers)
    CHECK(each.read().body == std::string(size, letter++));
}

TEST_CASE("pipelining large answers without reading them doesn't fill the memory", "[http]") {
  std::atomic<int> served{0};
  server front(loopback(), [&](request&&, responder out) {
    ++served;
    out.send(text(std::string(20 << 20, 'x')));
  });
  front.start();
  client asks(front.port(), 4096);
  std::string wire;
  for (int i = 0; i < 100; ++i)
    wire += get();
  asks.send(wire);
  std::this_thread::sleep_for(300ms);
  CHECK(served == 1); // the next one has to wait until this one is taken
}
