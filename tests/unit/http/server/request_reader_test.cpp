#include "http/server/wire/request_reader.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

using namespace opr::http;
using stage = request_reader::stage;

namespace {

constexpr size_t max_header = 1024;
constexpr size_t max_body = 4096;

struct fixture {
  request_reader reader{max_header, max_body};

  /// The status that these bytes are refused with; 0 when they aren't.
  int refusal(std::string_view bytes) {
    request_reader fresh(max_header, max_body);
    return fresh.read(bytes) == stage::refused ? fresh.status() : 0;
  }
};

std::string get(std::string_view fields) {
  return "GET / HTTP/1.1\r\nHost: a\r\n" + std::string(fields) + "\r\n";
}

std::string post(std::string_view fields, std::string_view body) {
  return "POST /p?q=1 HTTP/1.1\r\nHost: a\r\n" + std::string(fields) + "\r\n" + std::string(body);
}

} // namespace

TEST_CASE_METHOD(fixture, "a request comes out as it was sent", "[http][reader]") {
  REQUIRE(reader.read(post("X-Y: 1\r\nx-y:  2 \r\nContent-Length: 3\r\n", "abc")) == stage::complete);
  const auto got = reader.take();
  CHECK(got.method == "POST");
  CHECK(got.target == "/p?q=1");
  CHECK(got.body == "abc");
  REQUIRE(got.headers.size() == 4);
  CHECK(got.headers[1].name == "x-y");
  CHECK(got.headers[1].value == "1");
  CHECK(got.headers[2].name == "x-y");
  CHECK(got.headers[2].value == "2");
}

TEST_CASE("requests are read the same however their bytes are cut", "[http][reader]") {
  const auto wire = post("Transfer-Encoding: chunked\r\n", "3;a=b\r\nabc\r\n2\r\nde\r\n0\r\nT: x\r\n\r\n") +
                    post("Content-Length: 4\r\n", "wxyz") + get("");
  const auto bodies_of = [&](const std::vector<std::string>& pieces) {
    request_reader reader(max_header, max_body);
    std::vector<std::string> bodies;
    for (const auto& piece : pieces) {
      auto at = reader.read(piece);
      while (at == stage::complete) {
        bodies.push_back(reader.take().body);
        at = reader.next();
      }
      REQUIRE(at != stage::refused);
    }
    return bodies;
  };
  const std::vector<std::string> expected{"abcde", "wxyz", ""};
  for (size_t cut = 0; cut <= wire.size(); ++cut)
    CHECK(bodies_of({wire.substr(0, cut), wire.substr(cut)}) == expected);
  std::vector<std::string> bytes;
  for (const char byte : wire)
    bytes.emplace_back(1, byte);
  CHECK(bodies_of(bytes) == expected);
}

TEST_CASE_METHOD(fixture, "what follows a complete request is kept until its answer is out",
                 "[http][reader]") {
  REQUIRE(reader.read(get("") + "GET /2 HTTP/1.1\r\nHo") == stage::complete);
  CHECK(reader.unread() == 19);
  REQUIRE(reader.read("st: a\r\n\r\n") == stage::complete);
  CHECK(reader.take().target == "/");
  REQUIRE(reader.next() == stage::complete);
  CHECK(reader.take().target == "/2");
  CHECK(reader.next() == stage::between);
  CHECK(reader.unread() == 0);
}

TEST_CASE_METHOD(fixture, "a body whose length is in doubt is never taken for a new request",
                 "[http][reader]") {
  const auto* fields = GENERATE(
      "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n",
      "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n", "Transfer-Encoding: xchunked\r\n",
      "Transfer-Encoding: chunked, identity\r\n", "Transfer-Encoding: identity, chunked\r\n",
      "Transfer-Encoding: gzip, chunked\r\n", "Transfer-Encoding: identity\r\n", "Transfer-Encoding: \r\n",
      "Transfer-Encoding:\x0b chunked\r\n", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
      "Content-Length: abc\r\n", "Content-Length: -1\r\n", "Content-Length: +3\r\n",
      "Content-Length: 0x3\r\n", "Content-Length: 3, 3\r\n", "Content-Length: 3 3\r\n",
      "Content-Length: 3\r\nContent-Length: 4\r\n", "Content-Length: 3\r\nContent-Length: 3\r\n",
      "Content-Length:\r\n", "Content-Length: 99999999999999999999999\r\n", "Content-Length : 3\r\n",
      " Content-Length: 3\r\n", "X: a\r\n Content-Length: 3\r\n");
  CAPTURE(fields);
  CHECK(refusal(post(fields, "abc")) == 400);
}

TEST_CASE_METHOD(fixture, "after a refusal nothing is unread, however the request came", "[http][reader]") {
  const auto refused = post("Expect: 200-maybe\r\nContent-Length: 1\r\n", "x");
  const auto step = GENERATE(size_t{1}, size_t{7}, size_t{1000});
  for (size_t at = 0; at < refused.size() && reader.at() != stage::refused; at += step)
    reader.read(std::string_view(refused).substr(at, step));
  CHECK(reader.status() == 417);
  CHECK(reader.unread() == 0);
}

TEST_CASE_METHOD(fixture, "malformed heads are refused", "[http][reader]") {
  using namespace std::string_literals;
  const auto head = GENERATE(values<std::string>({
      "GET / HTTP/1.1\r\n\r\n", // no Host
      "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n",
      "GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n",
      "GET / HTTP/1.1\nHost: a\n\n",
      "GET / HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n"s,
      "GET / HTTP/1.1\r\nHost: a\r\nX: a\rb\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: a\r\nX\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: a\r\nX y: b\r\n\r\n",
      "GET  / HTTP/1.1\r\nHost: a\r\n\r\n",
      "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n",
      "G(T / HTTP/1.1\r\nHost: a\r\n\r\n",
      "GET / HTTP/1.1 \r\nHost: a\r\n\r\n",
      "GET /\r\nHost: a\r\n\r\n",
      "GET / HTTPS/1.1\r\nHost: a\r\n\r\n",
      "GET / http/1.1\r\nHost: a\r\n\r\n",
      "GET / HTTP/1.1x\r\nHost: a\r\n\r\n",
      "\x16\x03\x01\x02\r\n\r\n",
      "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
  }));
  CAPTURE(head);
  CHECK(refusal(head) == 400);
}

TEST_CASE_METHOD(fixture, "malformed chunks are refused", "[http][reader]") {
  const auto* body = GENERATE("x\r\n", "-1\r\n", " 3\r\nabc\r\n", "3\nabc\r\n", "3\r\nabcd\r\n0\r\n\r\n",
                              "3\r\nabc0\r\n\r\n", "fffffffffffffffff\r\n", "3 x\r\nabc\r\n", "\r\n");
  CAPTURE(body);
  CHECK(refusal(post("Transfer-Encoding: chunked\r\n", body)) == 400);
}

TEST_CASE_METHOD(fixture, "a version that isn't spoken here is told so", "[http][reader]") {
  CHECK(refusal("GET / HTTP/2.0\r\nHost: a\r\n\r\n") == 505);
  CHECK(refusal("GET / HTTP/0.9\r\nHost: a\r\n\r\n") == 505);
  CHECK(refusal("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n") == 505);
}

TEST_CASE_METHOD(fixture, "a head over the limit is refused, even when it comes in pieces",
                 "[http][reader]") {
  CHECK(refusal(get("X: " + std::string(max_header, 'a') + "\r\n")) == 431);
  CHECK(refusal("GET /" + std::string(max_header, 'a')) == 431);
  auto at = reader.read("GET / HTTP/1.1\r\nHost: a\r\n");
  for (int i = 0; i < 1000 && at != stage::refused; ++i)
    at = reader.read("X: y\r\n");
  REQUIRE(at == stage::refused);
  CHECK(reader.status() == 431);
  const auto fits = get("X: " + std::string(max_header - get("X: \r\n").size(), 'a') + "\r\n");
  CHECK(refusal(fits) == 0);
}

TEST_CASE_METHOD(fixture, "a body over the limit is refused before it comes", "[http][reader]") {
  CHECK(refusal(post("Content-Length: 4097\r\n", "")) == 413);
  CHECK(refusal(post("Content-Length: 42949672960\r\n", "")) == 413);
  CHECK(refusal(post("Transfer-Encoding: chunked\r\n", "1001\r\n")) == 413);
  CHECK(refusal(post("Content-Length: 4096\r\n", std::string(4096, 'a'))) == 0);
}

TEST_CASE_METHOD(fixture, "many small chunks can't add up to more than the limit", "[http][reader]") {
  auto at = reader.read(post("Transfer-Encoding: chunked\r\n", ""));
  for (int i = 0; i < 1000 && at == stage::body; ++i)
    at = reader.read("10\r\n0123456789abcdef\r\n");
  REQUIRE(at == stage::refused);
  CHECK(reader.status() == 413);
}

TEST_CASE_METHOD(fixture, "a chunk's head or trailers without end don't fill the memory", "[http][reader]") {
  const auto* begin = GENERATE("3;", "0000", "0\r\nT: ");
  reader.read(post("Transfer-Encoding: chunked\r\n", begin));
  auto at = reader.at();
  size_t fed = 0;
  for (; fed < 100000 && at == stage::body; fed += 16)
    at = reader.read("0000000000000000");
  CHECK(at == stage::refused);
  CHECK(fed < 2 * max_header);
}

TEST_CASE_METHOD(fixture, "a trailer doesn't overwrite a header", "[http][reader]") {
  REQUIRE(reader.read(post("Transfer-Encoding: chunked\r\nX: a\r\n", "0\r\nX: b\r\nY: c\r\n\r\n")) ==
          stage::complete);
  const auto got = reader.take();
  CHECK(*opr::find_header(got.headers, "x") == "a");
  CHECK(opr::find_header(got.headers, "y") == nullptr);
}

TEST_CASE_METHOD(fixture, "a body is asked for only when the client waits with it", "[http][reader]") {
  reader.read(post("Expect: 100-continue\r\nContent-Length: 3\r\n", ""));
  CHECK(reader.wants_continue());
  reader.read("a");
  CHECK_FALSE(reader.wants_continue());

  request_reader sent_along(max_header, max_body);
  sent_along.read(post("Expect: 100-continue\r\nContent-Length: 3\r\n", "a"));
  CHECK_FALSE(sent_along.wants_continue());

  request_reader without_body(max_header, max_body);
  CHECK(without_body.read(get("Expect: 100-continue\r\n")) == stage::complete);
  CHECK_FALSE(without_body.wants_continue());

  request_reader old(max_header, max_body);
  old.read("POST / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
  CHECK_FALSE(old.wants_continue());

  CHECK(refusal(post("Expect: 100-continue\r\nContent-Length: 9999\r\n", "")) == 413);
  CHECK(refusal(post("Expect: something-else\r\nContent-Length: 3\r\n", "")) == 417);
}

TEST_CASE_METHOD(fixture, "a connection is kept as the version and the Connection field say",
                 "[http][reader]") {
  const auto keeps = [](std::string_view wire) {
    request_reader fresh(max_header, max_body);
    REQUIRE(fresh.read(wire) == stage::complete);
    return fresh.facts().keep_alive;
  };
  CHECK(keeps(get("")));
  CHECK_FALSE(keeps(get("Connection: close\r\n")));
  CHECK_FALSE(keeps(get("Connection: x, Close\r\n")));
  CHECK_FALSE(keeps("GET / HTTP/1.0\r\n\r\n"));
  CHECK(keeps("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n"));
}

TEST_CASE_METHOD(fixture, "fields that other parsers choke on are passed on untouched", "[http][reader]") {
  REQUIRE(reader.read(get("Accept: ;;q\r\nContent-Type: nonsense\r\nDate: yesterday\r\nCookie: =;a\r\n"
                          "Cache-Control: max-age=a\r\n")) == stage::complete);
  CHECK(*opr::find_header(reader.take().headers, "accept") == ";;q");
}

TEST_CASE_METHOD(fixture, "empty lines before a request are skipped", "[http][reader]") {
  CHECK(reader.read("\r\n\r\n") == stage::between);
  CHECK(reader.read("\r\n" + get("")) == stage::complete);
}
