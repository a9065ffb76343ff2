#include "core/error.hpp"

#include <catch2/catch.hpp>

#include <set>

using namespace opr;

TEST_CASE("errors are named as the API spells them", "[error]") {
  CHECK(to_string(ec::none) == "none");
  CHECK(to_string(ec::general_unauthorized) == "general_unauthorized");
  CHECK(to_string(ec::runtime_not_found) == "runtime_not_found");
  CHECK(to_string(ec::execution_bad_json) == "execution_bad_json");
  CHECK(to_string(ec::connection_broken) == "connection_broken");
  CHECK(to_string(ec::storage_failed) == "storage_failed");
}

TEST_CASE("no two errors share a name", "[error]") {
  std::set<std::string_view> names;
  for (unsigned code = 0; code <= static_cast<unsigned>(ec::storage_failed); ++code)
    CHECK(names.insert(to_string(static_cast<ec>(code))).second);
}

TEST_CASE("a number that is no error has a name all the same", "[error]") {
  CHECK(to_string(static_cast<ec>(255)) == "unknown");
}
