#include "actors/executor/start_gate.hpp"

#include <catch2/catch.hpp>

using namespace opr;

TEST_CASE("whoever comes first gets the next free place") {
  start_gate gate{1};
  CHECK(gate.enter("a", false));
  CHECK_FALSE(gate.enter("b", false));
  CHECK_FALSE(gate.enter("c", false));
  CHECK(gate.leave("a") == "b");
  CHECK(gate.leave("b") == "c");
  CHECK_FALSE(gate.leave("c"));
}

TEST_CASE("one who gives up waiting is passed over") {
  start_gate gate{1};
  gate.enter("a", false);
  gate.enter("b", false);
  gate.enter("c", false);
  CHECK_FALSE(gate.leave("b"));
  CHECK(gate.leave("a") == "c");
}

TEST_CASE("leaving twice frees one place only") {
  start_gate gate{1};
  gate.enter("a", false);
  gate.enter("b", false);
  gate.enter("c", false);
  CHECK(gate.leave("a") == "b");
  CHECK_FALSE(gate.leave("a"));
  CHECK(gate.inside() == 1);
  CHECK(gate.queued() == 1);
}

TEST_CASE("a start that somebody waits for goes before builds") {
  start_gate gate{1};
  gate.enter("a", false);
  gate.enter("build", false);
  gate.enter("wanted", true);
  CHECK(gate.queued() == 2);
  CHECK(gate.leave("a") == "wanted");
  CHECK(gate.leave("wanted") == "build");
}
