#include "net/http1/outbox.hpp"

#include <catch2/catch.hpp>

using namespace opr::net;

namespace {

std::string left(const outbox& box) {
  std::string text;
  for (const auto& part : box.left())
    text.append(part);
  return text;
}

outgoing post(std::string_view body) {
  outgoing request;
  request.method = "POST";
  request.body = body;
  return request;
}

const std::string whole = "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello";

} // namespace

TEST_CASE("a request that the kernel takes in pieces is sent without a gap", "[net]") {
  for (size_t cut = 0; cut <= whole.size(); ++cut) {
    outbox box;
    box.put_request(post("hello"), "h");
    box.advance(cut);
    REQUIRE(left(box) == whole.substr(cut));
    REQUIRE(box.empty() == (cut == whole.size()));
  }
}

TEST_CASE("a large body is not copied", "[net]") {
  std::string body(1'000'000, 'x');
  outbox box;
  box.put_request(post(body), "h");
  CHECK(box.left()[1].data() == body.data());
}

TEST_CASE("a streamed body goes out in chunks and ends with the last one", "[net]") {
  outbox box;
  box.put_piece(std::string(26, 'x'), true);
  CHECK(left(box) == "1a\r\n" + std::string(26, 'x') + "\r\n");
  box.put_piece("", true);
  CHECK(left(box) == "0\r\n\r\n");
}

TEST_CASE("what was given up is not sent", "[net]") {
  outbox box;
  box.put_request(post("hello"), "h");
  box.clear();
  CHECK(box.empty());
}

TEST_CASE("a streamed body of a known length goes out without chunks", "[net]") {
  outbox box;
  box.put_piece("hello", false);
  CHECK(left(box) == "hello");
  box.put_piece("", false);
  CHECK(box.empty());
}
