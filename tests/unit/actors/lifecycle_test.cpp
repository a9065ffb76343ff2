#include "actors/executor/lifecycle.hpp"

#include <catch2/catch.hpp>

using namespace opr;

TEST_CASE("a phase that ignores an event has no row for it") {
  CHECK_FALSE(step(phase::removing, event::stop));
  CHECK_FALSE(step(phase::gone, event::created));
  CHECK_FALSE(step(phase::building, event::opened));
}

TEST_CASE("a build goes from its command by its archive to a runtime that is up") {
  CHECK(step(phase::launching, event::launched_to_build)->to == phase::building);
  CHECK(step(phase::building, event::built)->then == action::collect_build);
  CHECK(step(phase::collecting, event::collected)->then == action::announce);
}

TEST_CASE("a runtime in its last phases takes no executions") {
  CHECK(accepts_executions(phase::pending));
  CHECK(accepts_executions(phase::ready));
  CHECK_FALSE(accepts_executions(phase::stopping));
  CHECK_FALSE(accepts_executions(phase::removing));
}

TEST_CASE("every phase and event has its own name") {
  for (std::size_t i = 0; i < phase_count; ++i)
    CHECK_FALSE(to_string(static_cast<phase>(i)).empty());
  for (std::size_t i = 0; i < event_count; ++i)
    CHECK_FALSE(to_string(static_cast<event>(i)).empty());
}
