#include "core/header_list.hpp"

#include <catch2/catch.hpp>

using namespace opr;

TEST_CASE("header names are the same whatever their case", "[header_list]") {
  CHECK(same_header("Content-Type", "content-TYPE"));
  CHECK(same_header("", ""));
  CHECK_FALSE(same_header("Content-Type", "Content-Typ"));
  CHECK_FALSE(same_header("a@", "a`")); // One bit apart, as letters of different case are.
  CHECK_FALSE(same_header("[", "{"));
}

TEST_CASE("only ASCII letters have a case", "[header_list]") { CHECK_FALSE(same_header("\xC4", "\xE4")); }

TEST_CASE("the first of several fields of a name is found", "[header_list]") {
  header_list fields{{"Host", "a"}, {"Set-Cookie", "one"}, {"set-cookie", "two"}};
  REQUIRE(find_header(fields, "SET-COOKIE"));
  CHECK(*find_header(fields, "SET-COOKIE") == "one");
}

TEST_CASE("a header that is missing is not an empty one", "[header_list]") {
  CHECK(find_header({}, "Host") == nullptr);
  header_list fields{{"Host", ""}};
  CHECK(find_header(fields, "Hos") == nullptr);
  REQUIRE(find_header(fields, "host"));
  CHECK(find_header(fields, "host")->empty());
}
