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

TEST_CASE("what an earlier life left is adopted without a step that makes anything") {
  CHECK(step(phase::pending, event::adopted)->then == action::await_port);
  CHECK_FALSE(step(phase::ready, event::adopted));
}

TEST_CASE("what serves can be left to the next life, and what is being made can't") {
  CHECK(step(phase::ready, event::keep)->then == action::let_go);
  CHECK_FALSE(step(phase::launching, event::keep));
  CHECK_FALSE(step(phase::building, event::keep));
  CHECK_FALSE(accepts_executions(phase::parting));
}
