#include "actors/executor/network_shares.hpp"

#include <catch2/catch.hpp>

using namespace opr;

TEST_CASE("networks are used evenly") {
  network_shares shares({"a", "b", "c"});
  std::string taken;
  for (int i = 0; i < 6; ++i)
    taken += shares.take();
  CHECK(taken == "abcabc");
}

TEST_CASE("a network that runtimes have left is used before the others") {
  network_shares shares({"a", "b"});
  for (int i = 0; i < 4; ++i)
    shares.take();
  shares.give_back("b");
  shares.give_back("b");
  CHECK(shares.take() == "b");
  CHECK(shares.take() == "b");
  CHECK(shares.take() == "a");
}

TEST_CASE("giving back what was never taken changes nothing") {
  network_shares shares({"a", "b"});
  shares.give_back("a");
  shares.give_back("x");
  CHECK(shares.take() == "a");
  CHECK(shares.take() == "b");
}
