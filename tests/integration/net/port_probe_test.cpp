#include "net/port_probe.hpp"
#include "tests/integration/net/support/recorder.hpp"
#include "tests/integration/net/support/scripted_server.hpp"
#include "tests/support/eventually.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <ctime>
#include <future>
#include <optional>
#include <sys/socket.h>
#include <tuple>

using namespace opr;
using namespace opr::test;
using namespace std::chrono_literals;

namespace {

struct fixture {
  net::io_threads io;
  net::address where;
  std::promise<ec> told;
  std::future<ec> outcome = told.get_future();

  std::shared_ptr<net::probe> probe(std::chrono::milliseconds limit) {
    return net::await_port(io, where, opr::clock::now() + limit, [this](const result<done>& how) {
      told.set_value(how ? ec::none : how.error().code);
    });
  }
  ec wait() {
    return outcome.wait_for(patience) == std::future_status::ready ? outcome.get() : ec::general_unknown;
  }
};

double cpu_seconds() {
  timespec used{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
  return static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) / 1e9;
}

} // namespace

TEST_CASE_METHOD(fixture, "a port that listens is found at once", "[net]") {
  auto listener = bind_free_port(where, 10);
  auto began = opr::clock::now();
  probe(5s);
  CHECK(wait() == ec::none);
  CHECK(opr::clock::now() - began < 1s);
}

TEST_CASE("a port is found about a millisecond after it opens", "[net]") {
  std::vector<std::chrono::duration<double, std::milli>> delays;
  for (int i = 0; i < 21; ++i) {
    fixture with;
    auto listener = bind_free_port(with.where, -1);
    with.probe(5s);
    CHECK(with.outcome.wait_for(20ms) == std::future_status::timeout);
    listen(listener.get(), 10);
    auto opened = opr::clock::now();
    CHECK(with.wait() == ec::none);
    delays.emplace_back(opr::clock::now() - opened);
  }
  auto quartile = delays.begin() + 5; // A busy machine lets a thread wait for its turn for some milliseconds.
  std::nth_element(delays.begin(), quartile, delays.end());
  CHECK(quartile->count() < 25);
}

TEST_CASE_METHOD(fixture, "a port that never opens is given up at the deadline", "[net]") {
  auto bound = bind_free_port(where, -1);
  auto began = opr::clock::now();
  auto cpu = cpu_seconds();
  probe(1s);
  CHECK(wait() == ec::deadline_passed);
  auto took = opr::clock::now() - began;
  CHECK(took >= 1s);
  CHECK(took < 3s);
  CHECK(cpu_seconds() - cpu < 0.5); // Far above what it takes, far below a busy loop.
}

TEST_CASE_METHOD(fixture, "a server that ignores connects for a while doesn't stall the probe", "[net]") {
  auto listener = bind_free_port(where, 0);
  std::vector<descriptor> crowd;
  // Fills the queue: the kernel ignores further SYNs, as a network does that isn't up.
  for (int i = 0; i < 3; ++i) {
    auto& one = crowd.emplace_back(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), "socket");
    sockaddr_storage name{};
    socklen_t size = sizeof name;
    getsockname(listener.get(), reinterpret_cast<sockaddr*>(&name), &size);
    std::ignore = connect(one.get(), reinterpret_cast<sockaddr*>(&name), size);
  }
  probe(5s);
  REQUIRE(outcome.wait_for(300ms) == std::future_status::timeout);
  auto opened = opr::clock::now();
  for (int i = 0; i < 2; ++i)
    crowd.emplace_back(accept(listener.get(), nullptr, nullptr), "accept");
  CHECK(wait() == ec::none);
  CHECK(opr::clock::now() - opened < 500ms); // The kernel alone would repeat its SYN after 1 s.
}

TEST_CASE_METHOD(fixture, "a probe is cancelled, and dropping its handle doesn't end it", "[net]") {
  auto bound = bind_free_port(where, -1);
  auto handle = probe(5s);
  CHECK(outcome.wait_for(10ms) == std::future_status::timeout);
  SECTION("cancelled") {
    handle->cancel();
    handle->cancel();
    CHECK(wait() == ec::cancelled);
  }
  SECTION("dropped") {
    handle.reset();
    listen(bound.get(), 10);
    CHECK(wait() == ec::none);
  }
}

TEST_CASE("stopping the I/O thread ends a probe, and a later one at once", "[net]") {
  net::address where;
  auto bound = bind_free_port(where, -1);
  std::vector<ec> told;
  auto tell = [&](const result<done>& how) { told.push_back(how ? ec::none : how.error().code); };
  std::optional<net::io_threads> io{std::in_place};
  auto forever = net::await_port(*io, where, time_point::max(), tell);
  io->stop();
  CHECK(told == std::vector<ec>{ec::cancelled});
  auto late = net::await_port(*io, where, time_point::max(), tell);
  CHECK(told.size() == 2);
  io.reset();
  forever->cancel();
  late->cancel();
}

TEST_CASE_METHOD(fixture, "a name that can't be resolved is tried until the deadline", "[net]") {
  where = {"", "no-such-host.invalid", 80};
  probe(300ms);
  CHECK(wait() == ec::deadline_passed);
}

TEST_CASE_METHOD(fixture, "a probe leaves no descriptor", "[net]") {
  auto bound = bind_free_port(where, -1);
  auto before = open_descriptors();
  probe(200ms);
  CHECK(wait() == ec::deadline_passed);
  io.stop();
  CHECK(eventually([&] { return open_descriptors() <= before; }));
}
