#include "tests/conformance/document.hpp"
#include "tests/support/temp_dir.hpp"

#include <catch2/catch.hpp>

using namespace opr::conformance;

namespace {

document yaml(const std::string& text) { return read_yaml(opr::test::temp_dir{}.write("case.yaml", text)); }

std::string expanded(const std::string& text, const variables& with) {
  return as_json(expand(yaml(text), with));
}

variables known() {
  return {{"id", std::make_shared<const document>(text_value("x"))},
          {"rows", std::make_shared<const document>(yaml("[1, {a: b}]"))}};
}

} // namespace

TEST_CASE("plain scalars have types, quoted ones are texts") {
  CHECK(as_json(yaml("{a: 1, b: 1.5, c: true, d: text, e: ~, f: \"1\", g: 'true', h: \"\", i: 0.10.0}")) ==
        R"({"a":1,"b":1.5,"c":true,"d":"text","e":null,"f":"1","g":"true","h":"","i":"0.10.0"})");
}

TEST_CASE("a broken file is named with its line") {
  CHECK_THROWS_WITH(yaml("a: 1\nb: [1\n"), Catch::Matchers::Contains("case.yaml:"));
}

TEST_CASE("variables are put into keys and texts, alone with their type") {
  CHECK(expanded("{\"k-${id}\": \"a ${id} b ${id}\", r: \"${rows}\", m: \"in ${rows}\"}", known()) ==
        R"({"k-x":"a x b x","r":[1,{"a":"b"}],"m":"in [1,{\"a\":\"b\"}]"})");
}

TEST_CASE("what shells mean by a dollar is left alone") {
  CHECK(expanded("[\"$V ${V} ${V+set} $(x) ${ $\"]", known()) == R"(["$V ${V} ${V+set} $(x) ${ $"])");
}

TEST_CASE("a misspelt variable is an error") {
  CHECK_THROWS_WITH(expanded("[\"${idd}\"]", known()), "there is no variable ${idd}");
}

TEST_CASE("long texts and bytes are written by what makes them") {
  CHECK(expanded("{a: {$repeat: [ab, 3]}, b: {$hex: \"4142\"}}", {}) == R"({"a":"ababab","b":"AB"})");
}

TEST_CASE("of two keys that become the same the later one counts") {
  CHECK(expanded("{x: 1, \"${id}\": 2}", known()) == R"({"x":2})");
}
