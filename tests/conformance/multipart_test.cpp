#include "tests/conformance/multipart.hpp"

#include <catch2/catch.hpp>

using namespace opr::conformance;

namespace {

const std::string type = "multipart/form-data; boundary=\"b\"";

std::string part_of(const std::string& name, const std::string& content, const std::string& more = "") {
  return "--b\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n" + more + "\r\n" + content +
         "\r\n";
}

std::string chunked(const std::string& content) {
  auto whole = part_of("body", content, "Content-Transfer-Encoding: chunked\r\n");
  return whole.substr(0, whole.size() - 2) + "--b--";
}

} // namespace

TEST_CASE("parts are taken apart, whatever bytes are in them") {
  std::string bytes("a\r\n--\0b", 7);
  auto parts = decode_multipart(type, part_of("one", bytes) + part_of("two", "") + "--b--\r\n");
  REQUIRE(parts.size() == 2);
  CHECK(parts[0].name == "one");
  CHECK(parts[0].content == bytes);
  CHECK(parts[1].content.empty());
}

TEST_CASE("runs of a chunked part are put together and counted, boundaries inside and all") {
  auto parts = decode_multipart(type, chunked("3\r\nabc\r\nA\r\n\r\n--b--\r\n9\r\n0\r\n\r\n"));
  REQUIRE(parts.size() == 1);
  CHECK(parts[0].content == "abc\r\n--b--\r\n9");
  CHECK(parts[0].runs == 2);
}

TEST_CASE("runs against the rules are refused") {
  auto content = GENERATE(as<std::string>(), "3\r\nabcd\r\n0\r\n\r\n", "3\r\nabc\r\n",
                          "x\r\nabc\r\n0\r\n\r\n", "3\r\nabc\r\n0\r\n\r\nmore", "3\r\nabc\r\n0\r\n",
                          "3\r\nabc\r\n0\r\n\r\n\r\n", "\r\n", "ffffffffffffffff\r\na\r\n0\r\n");
  INFO(content);
  CHECK_THROWS(decode_multipart(type, chunked(content)));
}

TEST_CASE("documents against the rules are refused") {
  auto [header, body] = GENERATE(table<std::string, std::string>({
      {"application/json", "--b--\r\n"},
      {"multipart/form-data", "--b--\r\n"},
      {type, ""},
      {type, "text --b--"},
      {type, "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\ntext"},
      {type, "--b\r\nno header\r\n\r\ntext\r\n--b--"},
      {type, "--b\r\nContent-Type: text/plain\r\n\r\ntext\r\n--b--"},
  }));
  INFO(body);
  CHECK_THROWS(decode_multipart(header, body));
}

TEST_CASE("what is encoded can be read back") {
  document members;
  members.Parse(R"({"text": "a b", "number": 3, "flag": true, "map": {"a": 1}})");
  auto parts = decode_multipart(type, encode_multipart(members, "b"));
  REQUIRE(parts.size() == 4);
  CHECK(parts[0].content == "a b");
  CHECK(parts[1].content == "3");
  CHECK(parts[2].content == "true");
  CHECK(parts[3].content == R"({"a":1})");
}
