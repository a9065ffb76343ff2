#include "core/work_gate.hpp"

#include <catch2/catch.hpp>

using namespace opr;

TEST_CASE("a closed gate lets nothing in") {
  work_gate gate;
  CHECK(gate.enter());
  CHECK_FALSE(gate.closed());
  gate.close();
  CHECK(gate.closed());
  CHECK_FALSE(gate.enter());
}

TEST_CASE("a gate is empty when the last piece of work has ended") {
  work_gate gate;
  auto one = gate.enter();
  auto other = gate.enter();
  gate.close();
  one.reset();
  CHECK_FALSE(gate.await_empty(clock::now()));
  other.reset();
  CHECK(gate.await_empty(clock::now()));
}

TEST_CASE("a gate that nobody went through is empty as soon as it's closed") {
  work_gate gate;
  CHECK_FALSE(gate.await_empty(clock::now()));
  gate.close();
  gate.close();
  CHECK(gate.await_empty(clock::now()));
}
