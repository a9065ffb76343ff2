#include "actors/executor/next_tick.hpp"
#include "fixture.hpp"

#include <catch2/catch.hpp>

using namespace opr;
using namespace opr::test;
using namespace std::chrono_literals;

TEST_CASE_METHOD(executor_fixture, "deadlines that come and go leave no ticks behind", "[ticks]") {
  auto patient = cold_request("one");
  patient.timeout = 900s;
  execute(patient);
  const auto before = ticks_under_way();
  for (int i = 0; i < 100; ++i) {
    auto hasty = cold_request("one");
    hasty.timeout = 1s; // earlier than all that is wanted
    auto got = execute(hasty);
    pass(2s);
    REQUIRE(got->has_value());
    CHECK((*got)->error().code == ec::runtime_timeout);
  }
  CHECK(ticks_under_way() <= before + 4);
}

TEST_CASE("a moment that is put forward is told of at its new time, and only then", "[ticks]") {
  const time_point begun{};
  next_tick tick;
  CHECK(tick.by(begun + 10s, begun) == 10s);
  CHECK(tick.by(begun + 20s, begun) == std::nullopt);
  CHECK(tick.by(begun + 5s, begun + 1s) == 4s);
  CHECK(tick.came(begun + 5s));
  CHECK_FALSE(tick.came(begun + 10s));
}

TEST_CASE("a tick that is on its way is used for a moment that is wanted again", "[ticks]") {
  const time_point begun{};
  next_tick tick;
  CHECK(tick.by(begun + 10s, begun) == 10s);
  CHECK(tick.by(begun + 5s, begun) == 5s);
  CHECK(tick.came(begun + 5s));
  CHECK(tick.by(begun + 10s, begun + 5s) == std::nullopt);
  CHECK(tick.came(begun + 10s));
}

TEST_CASE("a tick that comes too early is followed by the one that is wanted", "[ticks]") {
  const time_point begun{};
  next_tick tick;
  tick.by(begun + 10s, begun);
  tick.by(begun + 5s, begun);
  CHECK(tick.came(begun + 5s));
  CHECK(tick.by(begun + 30s, begun + 5s) == std::nullopt);
  CHECK_FALSE(tick.came(begun + 10s));
  CHECK(tick.by(tick.wanted(), begun + 10s) == 20s);
  CHECK(tick.came(begun + 30s));
}

TEST_CASE("what is late already is told of at once", "[ticks]") {
  const time_point begun{};
  next_tick tick;
  CHECK(tick.by(begun, begun + 3s) == 0s);
  CHECK(tick.came(begun + 3s));
}
