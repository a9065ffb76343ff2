#include "core/random_id.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <set>
#include <string>

using namespace opr;

TEST_CASE("a random id has the length asked for", "[random_id]") {
  auto length =
      GENERATE(0U, 1U, 32U, 33U, 100000U); // The kernel may give more than 256 bytes in several pieces.
  CHECK(random_hex(length).size() == length);
}

TEST_CASE("a random id holds lower-case hexadecimal digits only, each of them", "[random_id]") {
  auto id = random_hex(10000);
  CHECK(id.find_first_not_of("0123456789abcdef") == std::string::npos);
  CHECK(std::set<char>(id.begin(), id.end()).size() == 16);
}

TEST_CASE("no digit of a random id comes more often than the others", "[random_id]") {
  auto id = random_hex(160000);
  for (char digit : std::string("0123456789abcdef"))
    CHECK(std::count(id.begin(), id.end(), digit) == Approx(10000).margin(1000)); // Ten standard deviations.
}

TEST_CASE("no two random ids are the same", "[random_id]") {
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i)
    CHECK(seen.insert(random_hex(32)).second);
}
