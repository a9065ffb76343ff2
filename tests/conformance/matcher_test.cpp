#include "tests/conformance/matcher.hpp"

#include <catch2/catch.hpp>

using namespace opr::conformance;

namespace {

document parsed(const std::string& text) {
  document read;
  read.Parse(text.data(), text.size());
  REQUIRE_FALSE(read.HasParseError());
  return read;
}

bool fits(const std::string& actual, const std::string& expected) {
  auto value = parsed(actual);
  return !mismatch(&value, parsed(expected));
}

} // namespace

TEST_CASE("each rule accepts what fits and refuses what doesn't") {
  auto [expected, good, bad] = GENERATE(table<std::string, std::string, std::string>({
      {R"("a")", R"("a")", R"("b")"},
      {"1", "1.0", "\"1\""},
      {"true", "true", "\"true\""},
      {R"([1, {"type": "int"}])", "[1, 2]", "[1]"},
      {R"({"type": "int"})", "1", "1.0"},
      {R"({"type": "number"})", "1.5", "\"1.5\""},
      {R"({"type": "array"})", "[]", "{}"},
      {R"({"matches": "^a+$"})", R"("aa")", R"("ab")"},
      {R"({"contains": "b"})", R"("abc")", R"("ac")"},
      {R"({"contains": ["a", "c"]})", R"("abc")", R"("ab")"},
      {R"({"lacks": ["x", "c"]})", R"("ab")", R"("abc")"},
      {R"({"min": 1, "max": 2})", "1.5", "2.5"},
      {R"({"min": 1})", "1", "\"2\""},
      {R"({"size": 2})", R"("ab")", R"("abc")"},
      {R"({"size": {"min": 1}})", "[1]", "[]"},
      {R"({"json": {"a.b": 1}})", R"("{\"a\":{\"b\":1}}")", R"("{\"a\":1}")"},
      {R"({"json": {"a": 1}})", R"("{\"a\":1}")", R"("no json")"},
      {R"({"json": {"a": null}})", R"("{}")", R"("{\"a\":1}")"},
      {R"({"paths": {"a.0": 1}})", R"({"a": [1]})", R"({"a": []})"},
      {R"({"each": {"min": 1}})", "[1, 2]", "[1, 0]"},
      {R"({"any": {"min": 2}})", "[1, 2]", "[1]"},
      {R"({"one_of": [1, {"min": 5}]})", "6", "4"},
      {R"({"not": 1})", "2", "1"},
      {R"({"equals": {"a": []}})", R"({"a": []})", R"({"a": [], "b": 1})"},
  }));
  INFO(expected);
  CHECK(fits(good, expected));
  CHECK_FALSE(fits(bad, expected));
}

TEST_CASE("null expects nothing, and anything else something") {
  auto value = parsed("1");
  CHECK(mismatch(&value, parsed("null")));
  CHECK_FALSE(mismatch(nullptr, parsed("null")));
  CHECK(mismatch(nullptr, parsed(R"({"type": "any"})")));
}

TEST_CASE("all rules of an expectation must hold") {
  CHECK_FALSE(fits(R"("abc")", R"({"contains": "a", "lacks": "c"})"));
}

TEST_CASE("a misspelt rule or type is an error, not a pass") {
  CHECK_THROWS(fits("1", R"({"maximum": 1})"));
  CHECK_THROWS(fits("1", R"({"type": "integer"})"));
}
