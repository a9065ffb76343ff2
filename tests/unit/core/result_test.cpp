#include "core/result.hpp"

#include <catch2/catch.hpp>

#include <memory>
#include <string>

using namespace opr;

TEST_CASE("a result holds a value", "[result]") {
  result<std::string> got(std::string("yes"));
  REQUIRE(got);
  CHECK(*got == "yes");
  CHECK(got->size() == 3);
}

TEST_CASE("a result holds a failure with its detail", "[result]") {
  result<int> got(ec::runtime_failed, "exit 137");
  REQUIRE_FALSE(got);
  CHECK(got.error().code == ec::runtime_failed);
  CHECK(got.error().detail == "exit 137");
}

TEST_CASE("an error code alone makes a result without a value", "[result]") {
  result<std::string> got = ec::cancelled;
  REQUIRE_FALSE(got);
  CHECK(got.error().detail.empty());
}

TEST_CASE("a value that can only be moved goes in and comes out", "[result]") {
  result<std::unique_ptr<int>> got(std::make_unique<int>(7));
  auto taken = std::move(*got);
  CHECK(*taken == 7);
}

TEST_CASE("a value of zero or an empty text is not a failure", "[result]") {
  CHECK(result<int>(0));
  CHECK(result<bool>(false));
  CHECK(result<std::string>(std::string()));
}

TEST_CASE("a failure passes from one result to another", "[result]") {
  result<int> first(ec::deadline_passed, "after 5 s");
  result<std::string> second(first.error());
  REQUIRE_FALSE(second);
  CHECK(second.error().detail == "after 5 s");
}
