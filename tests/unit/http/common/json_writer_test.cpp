#include "http/common/json_writer.hpp"

#include <catch2/catch.hpp>
#include <rapidjson/document.h>

#include <limits>

using namespace opr::http;

namespace {

std::string quoted(std::string_view text) {
  std::string out;
  json_writer{out}.text(text);
  return out;
}

std::string number(double value) {
  std::string out;
  append_number(out, value);
  return out;
}

} // namespace

TEST_CASE("commas stand between values and nowhere else") {
  std::string out;
  json_writer{out}
      .begin_object()
      .field("a", int64_t{1})
      .key("b")
      .begin_array()
      .text("x")
      .begin_object()
      .end_object()
      .begin_array()
      .end_array()
      .text("y")
      .end_array()
      .key("c")
      .begin_object()
      .field("d", -0.5)
      .end_object()
      .field("e", "")
      .end_object();
  CHECK(out == R"({"a":1,"b":["x",{},[],"y"],"c":{"d":-0.5},"e":""})");
}

TEST_CASE("a writer goes on where a text ends") {
  std::string out = "head: ";
  json_writer{out}.begin_array().whole(-7).end_array();
  CHECK(out == "head: [-7]");
}

TEST_CASE("every byte comes back from JSON as it went in, at every place of a text") {
  for (int byte = 0; byte < 0x80; ++byte)
    for (std::size_t at = 0; at < 20; ++at) {
      std::string text(20, 'x');
      text[at] = static_cast<char>(byte);
      rapidjson::Document json;
      json.Parse(quoted(text).c_str());
      CAPTURE(byte, at);
      REQUIRE(json.IsString());
      CHECK(std::string(json.GetString(), json.GetStringLength()) == text);
    }
}

TEST_CASE("control characters never stand in JSON as they are") {
  for (auto c : quoted(std::string("a\0b\x01\x1f\"\\\n\r\t\b\f", 12)))
    CHECK(static_cast<unsigned char>(c) >= 0x20);
}

TEST_CASE("a text that is no UTF-8 is mended, one that is stays") {
  CHECK(quoted("a\xFFz") == "\"a\xEF\xBF\xBDz\"");
  CHECK(quoted("\xC3\xA4\xF0\x9F\x98\x80") == "\"\xC3\xA4\xF0\x9F\x98\x80\"");
}

TEST_CASE("numbers are JSON, whatever they are") {
  CHECK(number(0.25) == "0.25");
  CHECK(number(3) == "3.0");
  CHECK(std::stod(number(1767225600.123456)) == 1767225600.123456);
  for (auto odd : {std::numeric_limits<double>::infinity(), std::numeric_limits<double>::quiet_NaN()})
    CHECK(number(odd) == "0.0");
}
