#include "support/serving.hpp"

#include <catch2/catch.hpp>

#include <malloc.h>
#include <utility>

using namespace opr::http;
using namespace opr::http::test;

namespace {

constexpr size_t large = 20 << 20;

} // namespace

TEST_CASE("a large body costs its own size in memory, and nothing afterwards", "[http]") {
  // As the program does: what is large goes back to the system.
  ::mallopt(M_MMAP_THRESHOLD, 1 << 20); // NOLINT(concurrency-mt-unsafe): it takes malloc's lock
  server front(loopback(), [](request&& asked, responder out) {
    auto size = std::exchange(asked.body, {}).size(); // freed before the client can look
    out.send(text(std::to_string(size)));
  });
  front.start();
  const auto wire = GENERATE(as<std::string>(), post(std::string(large, 'x')),
                             chunked_post(std::string(large, 'x'), 1 << 14),
                             chunked_post(std::string(large, 'x'), 1 << 20));
  client asks(front.port());
  asks.ask(post("small"));
  for (int i = 0; i < 3; ++i) {
    const auto before = forget_peak();
    REQUIRE(asks.ask(wire).body == std::to_string(large));
    CHECK(peak_memory() - before < large + large / 5);
    CHECK(resident_memory() < before + large / 20);
  }
}

TEST_CASE("a client that only announces a large body gets no room for it", "[http]") {
  server front(loopback(), [](request&&, responder out) { out.send(text("")); });
  front.start();
  std::vector<client> clients;
  client(front.port()).ask(get("/")); // what the threads need for themselves
  const auto before = writable_memory();
  for (int i = 0; i < 50; ++i) {
    clients.emplace_back(front.port());
    clients.back().send("POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 20971520\r\n\r\nx");
  }
  client(front.port()).ask(get("/"));
  CHECK(writable_memory() < before + 50 * (1 << 20));
}
