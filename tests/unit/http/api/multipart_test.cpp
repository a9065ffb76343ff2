#include "http/api/multipart.hpp"

#include <catch2/catch.hpp>

#include <chrono>

using namespace opr;
using namespace opr::http;

namespace {

/// A part as clients write it, with the line that goes before it.
std::string part(const std::string& name, const std::string& content) {
  return "--b\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + content + "\r\n";
}

/// A document of one part with that header.
std::string with_header(const std::string& header) { return "--b\r\n" + header + "\r\n\r\nx\r\n--b--\r\n"; }

bool refused(std::string_view document) {
  auto parts = parse_form(document, "b");
  if (parts)
    return false;
  CHECK(parts.error().code == ec::general_argument_invalid);
  CHECK(parts.error().detail.find("is not a valid form") != std::string::npos);
  return true;
}

std::string_view only_content(std::string_view document) {
  auto parts = parse_form(document, "b");
  REQUIRE(parts);
  REQUIRE(parts->size() == 1);
  return parts->front().content;
}

} // namespace

TEST_CASE("a form's parts come out in their order, in place") {
  auto document = part("a", "1") + part("b", "") + part("a", "2") + "--b--\r\n";
  auto parts = parse_form(document, "b");
  REQUIRE(parts);
  REQUIRE(parts->size() == 3);
  CHECK(parts->at(0).name == "a");
  CHECK(parts->at(0).content == "1");
  CHECK(parts->at(1).content.empty());
  CHECK(parts->at(2).content == "2");
  for (const auto& one : *parts) {
    CHECK(one.content.data() >= document.data());
    CHECK(one.content.data() + one.content.size() <= document.data() + document.size());
  }
}

TEST_CASE("a part's content may be any bytes but its delimiter") {
  std::string every;
  for (int i = 0; i < 512; ++i)
    every += static_cast<char>(i);
  for (const auto& content :
       {every, std::string("\r\n"), std::string("\r\n\r\n"), std::string("\r\n--"), std::string("\n--b\r\n"),
        std::string("x--b--"), std::string("\r\n--c\r\n"), std::string("\0", 1), std::string("\r\n-")})
    CHECK(only_content(part("a", content) + "--b--") == content);
}

TEST_CASE("preamble, epilogue and padding are passed over") {
  CHECK(only_content("preamble\r\n" + part("a", "1") + "--b--\r\nepilogue\r\n--b\r\n") == "1");
  CHECK(only_content("\r\n" + part("a", "1") + "--b--") == "1");
  CHECK(only_content("--b \t\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n--b-- \r\n") == "1");
}

TEST_CASE("a form without parts is one") { CHECK(parse_form("--b--\r\n", "b")->empty()); }

TEST_CASE("a form that isn't whole runs nothing") {
  auto whole = part("a", "1") + "--b--";
  REQUIRE_FALSE(refused(whole));
  for (std::size_t size = 0; size < whole.size(); ++size) {
    CAPTURE(size);
    CHECK(refused(std::string_view{whole}.substr(0, size)));
  }
}

TEST_CASE("a line that begins with the boundary and goes on otherwise is refused") {
  for (const auto* document :
       {"--bx\r\n", "--b-\r\n", "--b--x", "--b\n", "--b\r", "--b x\r\n", "--b\r\n--b--", "--b--\n", "x--b--"})
    CHECK(refused(document));
  CHECK(refused(part("a", "1\r\n--bc\r\n") + "--b--"));
  CHECK(refused(part("a", "--b") + "--b--")); // it stands at the beginning of a line
}

TEST_CASE("headers of parts are strict") {
  CHECK_FALSE(refused(with_header("Content-Disposition: form-data; name=a")));
  CHECK_FALSE(refused(with_header("content-disposition:form-data;name=\"a\";")));
  for (const auto* header : {
           "X: y",
           "Content-Disposition: form-data",
           "Content-Disposition: form-data; name",
           "Content-Disposition: form-data; name=",
           "Content-Disposition: form-data; name=a b",
           "Content-Disposition: form-data; name=\"a",
           "Content-Disposition: form-data; name=\"a\\\"",
           "Content-Disposition: form-data; name=\"a\"x",
           "Content-Disposition: form-data; name=\"a\"; name=\"b\"",
           "Content-Disposition: form-data; name=\"a\"; NAME=b",
           "Content-Disposition: form-data; name*=utf-8''a",
           "Content-Disposition: form-data name=\"a\"",
           "Content-Disposition: attachment; name=\"a\"",
           "Content-Disposition : form-data; name=\"a\"",
           " Content-Disposition: form-data; name=\"a\"",
           "Content-Disposition: form-data; name=\"a\"\r\nContent-Disposition: form-data; name=\"b\"",
           "Content-Disposition: form-data;\r\n name=\"a\"",
           "Content-Disposition: form-data; name=\"a\"\r\n\tfolded: 1",
           "Content-Disposition: form-data; name=\"a\"\nX: y",
           "Content-Disposition: form-data; name=\"a\"\rX: y",
           "Content-Disposition: form-data; name=\"a\x01\"",
           "Content-Disposition: form-data; name=\"a\"\r\nnothing",
       }) {
    CAPTURE(header);
    CHECK(refused(with_header(header)));
  }
  CHECK(refused(with_header(std::string("Content-Disposition: form-data; name=\"a\0\"", 41))));
}

TEST_CASE("files are parts like others") {
  CHECK(only_content(
            with_header("Content-Disposition: form-data; name=\"body\"; filename=\"C:\\\\x; \\\"y\"\r\n"
                        "Content-Type: application/octet-stream")) == "x");
}

TEST_CASE("a quote in a name doesn't end it") {
  const auto body = with_header("Content-Disposition: form-data; name=\"a\\\"; name=b\"");
  auto parts = parse_form(body, "b");
  REQUIRE(parts);
  CHECK(parts->front().name == "a\\\"; name=b");
}

TEST_CASE("a coding that would have to be undone is refused") {
  const std::string disposition = "Content-Disposition: form-data; name=\"a\"\r\n";
  for (const auto* plain : {"binary", "8bit", "7BIT"})
    CHECK_FALSE(refused(with_header(disposition + "Content-Transfer-Encoding: " + plain)));
  for (const auto* coded :
       {"base64", "quoted-printable", "chunked", "", "binary\r\nContent-Transfer-Encoding: 8bit"})
    CHECK(refused(with_header(disposition + "Content-Transfer-Encoding: " + coded)));
}

TEST_CASE("parts and their headers are bounded") {
  std::string many;
  for (std::size_t i = 0; i < max_form_parts; ++i)
    many += part("a", "1");
  CHECK(parse_form(many + "--b--", "b")->size() == max_form_parts);
  CHECK(refused(many + part("a", "1") + "--b--"));
  auto header = [](std::size_t size) {
    std::string text = "Content-Disposition: form-data; name=\"a\"\r\nX: ";
    return with_header(text + std::string(size - text.size(), 'x'));
  };
  CHECK_FALSE(refused(header(max_part_header)));
  CHECK(refused(header(max_part_header + 1)));
}

TEST_CASE("a hostile form takes no longer than another") {
  std::string nearly;
  while (nearly.size() < 4'000'000)
    nearly += "\r\n--" + std::string(69, 'x') + "\r\r\n\r\n-";
  auto start = std::chrono::steady_clock::now();
  CHECK_FALSE(parse_form(nearly, std::string(70, 'x')));
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(1));
}

TEST_CASE("a form is known by its type") {
  for (const auto* type :
       {"multipart/form-data", "Multipart/Form-Data; boundary=x", "multipart/form-data ;boundary=x"})
    CHECK(is_form(type));
  for (const auto* type : {"", "application/json", "multipart/mixed; boundary=x", "multipart/form-data2",
                           "application/json; x=multipart/form-data"})
    CHECK_FALSE(is_form(type));
}

TEST_CASE("a boundary comes from the type, quoted or not") {
  CHECK(*form_boundary("multipart/form-data; boundary=x") == "x");
  CHECK(*form_boundary("multipart/form-data; charset=utf-8; Boundary=\"a b:c\"; y=z") == "a b:c");
  CHECK(*form_boundary("multipart/form-data; boundary=----WebKitFormBoundary7MA4YWxk==") ==
        "----WebKitFormBoundary7MA4YWxk==");
  for (const auto& type :
       {std::string("multipart/form-data"), std::string("multipart/form-data; boundary="),
        std::string("multipart/form-data; boundary=\"\""), std::string("multipart/form-data; boundary=\"x"),
        std::string("multipart/form-data; boundary=\"x \""),
        std::string("multipart/form-data; boundary=\"a\\b\""),
        std::string("multipart/form-data; boundary=a; boundary=b"),
        std::string("multipart/form-data; boundary=a b"),
        "multipart/form-data; boundary=" + std::string(71, 'x'),
        std::string("multipart/form-data; boundary=\xC3\xA4")})
    CHECK_FALSE(form_boundary(type));
}
