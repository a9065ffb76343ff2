#include "net/http1/answer_decoder.hpp"
#include "tests/unit/net/recording_reader.hpp"

#include <catch2/catch.hpp>

using namespace opr;
using namespace opr::net;
using namespace std::string_literals;

namespace {

struct fixture {
  recording_reader reader;
  answer_decoder decoder;

  void begin(bool to_head = false) { decoder.begin(reader, to_head); }
  progress feed_all(std::string_view bytes, bool to_head = false) {
    begin(to_head);
    return decoder.feed(bytes);
  }
  progress feed_bytewise(std::string_view bytes) {
    begin();
    auto how = progress::more;
    for (size_t i = 0; i < bytes.size() && how == progress::more; ++i)
      how = decoder.feed(bytes.substr(i, 1));
    return how;
  }
};

const auto with_length = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-Two: a\r\nx-two: b\r\n\r\nhello"s;
const auto chunked =
    "HTTP/1.1 201 Created\r\nTransfer-Encoding: Chunked\r\n\r\n"
    "5;name=value;quoted=\"a;b\"\r\nhello\r\n1\r\n,\r\n0006\r\n world\r\n0\r\nX-Trailer: t\r\n\r\n"s;
const auto chunked_and_empty = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"s;
const auto after_interim =
    "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n" + with_length;
const auto without_body = "HTTP/1.1 204 No Content\r\n\r\n"s;

} // namespace

TEST_CASE_METHOD(fixture, "an answer is the same wherever it is cut in two", "[net]") {
  auto answer = GENERATE(with_length, chunked, chunked_and_empty, after_interim, without_body);
  recording_reader whole;
  decoder.begin(whole, false);
  REQUIRE(decoder.feed(answer) == progress::complete);
  for (size_t cut = 1; cut < answer.size(); ++cut) {
    reader = {};
    begin();
    CAPTURE(cut, answer);
    REQUIRE(decoder.feed(std::string_view(answer).substr(0, cut)) == progress::more);
    REQUIRE(decoder.feed(std::string_view(answer).substr(cut)) == progress::complete);
    REQUIRE(reader.heads == 1);
    REQUIRE(reader.head.status == whole.head.status);
    REQUIRE(reader.head.headers.size() == whole.head.headers.size());
    REQUIRE(reader.body == whole.body);
    REQUIRE(decoder.keeps_alive());
  }
}

TEST_CASE_METHOD(fixture, "an answer arrives byte by byte", "[net]") {
  auto [answer, body] = GENERATE(table<std::string, std::string>({{with_length, "hello"},
                                                                  {chunked, "hello, world"},
                                                                  {chunked_and_empty, ""},
                                                                  {after_interim, "hello"},
                                                                  {without_body, ""}}));
  CAPTURE(answer);
  CHECK(feed_bytewise(answer) == progress::complete);
  CHECK(reader.heads == 1);
  CHECK(reader.body == body);
}

TEST_CASE_METHOD(fixture, "field names come in lower case, repeated fields all of them", "[net]") {
  feed_all(with_length);
  REQUIRE(reader.head.headers.size() == 3);
  CHECK(reader.head.headers[0].name == "content-length");
  CHECK(reader.head.headers[1].name == "x-two");
  CHECK(reader.head.headers[1].value == "a");
  CHECK(reader.head.headers[2].name == "x-two");
  CHECK(reader.head.headers[2].value == "b");
}

TEST_CASE_METHOD(fixture, "a trailer never becomes a header", "[net]") {
  feed_all(chunked);
  CHECK(find_header(reader.head.headers, "x-trailer") == nullptr);
}

TEST_CASE_METHOD(fixture, "answers without a body end with their head", "[net]") {
  auto [answer, to_head] = GENERATE(table<std::string, bool>({
      {"HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n", false},
      {"HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", false},
      {"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", false},
      {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", true},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", true},
      {"HTTP/1.1 200 OK\r\n\r\n", true},
      {"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", true},
  }));
  CAPTURE(answer);
  CHECK(feed_all(answer, to_head) == progress::complete);
  CHECK(reader.body.empty());
  CHECK(decoder.keeps_alive());
}

TEST_CASE_METHOD(fixture, "an answer without a length ends with the stream and isn't followed by another",
                 "[net]") {
  CHECK(feed_all("HTTP/1.1 200 OK\r\n\r\nsome") == progress::more);
  CHECK(decoder.feed(" more") == progress::more);
  CHECK(decoder.needs_end_of_stream());
  CHECK(decoder.ends_with_stream());
  CHECK_FALSE(decoder.keeps_alive());
  CHECK(reader.body == "some more");
}

TEST_CASE_METHOD(fixture, "an answer cut off by the end of the stream is not whole", "[net]") {
  auto answer = GENERATE(with_length, chunked, chunked_and_empty, after_interim, without_body);
  for (size_t cut = 0; cut < answer.size(); ++cut) {
    CAPTURE(cut, answer);
    REQUIRE(feed_all(std::string_view(answer).substr(0, cut)) == progress::more);
    REQUIRE_FALSE(decoder.ends_with_stream());
  }
}

TEST_CASE_METHOD(fixture, "a connection is not kept when the peer won't or something follows the answer",
                 "[net]") {
  auto answer = GENERATE("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"s,
                         "HTTP/1.1 200 OK\r\nConnection: Keep-Alive, Close\r\nContent-Length: 0\r\n\r\n"s,
                         "HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n"s, with_length + "x",
                         chunked + chunked, "HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\nhello"s);
  CAPTURE(answer);
  CHECK(feed_all(answer) == progress::complete);
  CHECK_FALSE(decoder.keeps_alive());
}

TEST_CASE_METHOD(fixture, "HTTP/1.0 keeps the connection only when it says so", "[net]") {
  CHECK(feed_all("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n") ==
        progress::complete);
  CHECK(decoder.keeps_alive());
}

TEST_CASE_METHOD(fixture, "what is no answer, or could be read in two ways, is refused", "[net]") {
  auto answer = GENERATE(
      "garbage garbage garbage\r\n\r\n"s, "HTTP/2.0 200 OK\r\n\r\n"s, "HTTP/1.1 abc OK\r\n\r\n"s,
      "HTTP/1.1 20 OK\r\n\r\n"s, "HTTP/1.1 099 Odd\r\n\r\n"s,
      "HTTP/1.1 200 OK\nContent-Length: 0\n\n\r\n\r\n"s,
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n"s, "HTTP/1.1 200 OK\r\nBad Name: x\r\n\r\n"s,
      "HTTP/1.1 200 OK\r\nX: a\0b\r\n\r\n"s, "HTTP/1.1 200 OK\r\nContent-Length: abc\r\n\r\n"s,
      "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n"s, "HTTP/1.1 200 OK\r\nContent-Length: 1, 2\r\n\r\n"s,
      "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999999\r\n\r\n"s,
      "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello"s,
      "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"s,
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n"s,
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"s,
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n"s,
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"s,
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: identity\r\n\r\n"s,
      "HTTP/1.1 200 OK\r\nTransfer-Encoding:\r\n\r\n"s,
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"s,
      "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"s);
  CAPTURE(answer);
  CHECK(feed_bytewise(answer) == progress::invalid);
  CHECK(feed_all(answer) == progress::invalid);
  CHECK_FALSE(decoder.complaint().empty());
  CHECK(reader.heads == 0);
}

TEST_CASE_METHOD(fixture, "a broken chunk is refused", "[net]") {
  auto body = GENERATE("x\r\n", "-1\r\n", "5\nhello", "5\r\nhelloX\r\n0\r\n\r\n", "5 \r\nhello",
                       "11111111111111111\r\n", "\r\n\r\n0\r\n\r\n");
  auto answer = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"s + body + "\r\n\r\n";
  CAPTURE(body);
  CHECK(feed_bytewise(answer) == progress::invalid);
}

TEST_CASE_METHOD(fixture, "a head above 64 KiB is refused, in one field or in many, whole or in pieces",
                 "[net]") {
  auto one = "HTTP/1.1 200 OK\r\nX: " + std::string(70'000, 'x') + "\r\n\r\n";
  auto many = "HTTP/1.1 200 OK\r\n"s;
  for (int i = 0; i < 700; ++i)
    many += "X-Field: " + std::string(100, 'x') + "\r\n";
  auto answer = GENERATE_COPY(as<std::string>(), one, many + "\r\n", many);
  CHECK(feed_all(answer) == progress::invalid);
  begin();
  auto how = progress::more;
  for (size_t at = 0; at < answer.size() && how == progress::more; at += 1000)
    how = decoder.feed(std::string_view(answer).substr(at, 1000));
  CHECK(how == progress::invalid);
}

TEST_CASE_METHOD(fixture, "a head of 60 KiB is fine", "[net]") {
  auto answer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX: " + std::string(60'000, 'x') + "\r\n\r\n";
  CHECK(feed_all(answer) == progress::complete);
}

TEST_CASE_METHOD(fixture, "endless chunk extensions and trailers are refused", "[net]") {
  auto endless = GENERATE("5;x="s, "0\r\nX: "s, "0\r\n"s);
  begin();
  REQUIRE(decoder.feed("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + endless) == progress::more);
  auto how = progress::more;
  size_t fed = 0;
  for (; how == progress::more && fed < 1'000'000; fed += 1000)
    how = decoder.feed(endless == "0\r\n" ? "X: " + std::string(995, 'x') + "\r\n" : std::string(1000, 'x'));
  CHECK(how == progress::invalid);
  CHECK(fed < 70'000);
}

TEST_CASE_METHOD(fixture, "after a pause the rest comes piece by piece as it is asked for", "[net]") {
  begin();
  reader.wants = flow::pause;
  CHECK(decoder.feed(chunked) == progress::paused);
  CHECK(reader.body == "hello");
  CHECK(decoder.go_on() == progress::paused);
  CHECK(reader.body == "hello,");
  CHECK(decoder.go_on() == progress::paused);
  CHECK(reader.body == "hello, world");
  CHECK(decoder.go_on() == progress::complete);
  CHECK(decoder.keeps_alive());
}

TEST_CASE_METHOD(fixture, "a pause at the very last byte still completes", "[net]") {
  reader.wants = flow::pause;
  CHECK(feed_all(with_length) == progress::paused);
  CHECK(reader.body == "hello");
  CHECK(decoder.go_on() == progress::complete);
  CHECK(reader.pieces == 1);
}

TEST_CASE_METHOD(fixture, "a paused answer without a length goes on", "[net]") {
  reader.wants = flow::pause;
  CHECK(feed_all("HTTP/1.1 200 OK\r\n\r\nsome") == progress::paused);
  CHECK(decoder.go_on() == progress::more);
  CHECK(decoder.ends_with_stream());
}

TEST_CASE_METHOD(fixture, "a reader that wants no more gets no more", "[net]") {
  reader.wants = flow::stop;
  CHECK(feed_all(chunked) == progress::stopped);
  CHECK(reader.body == "hello");
}

TEST_CASE_METHOD(fixture, "a decoder takes one answer after another", "[net]") {
  CHECK(feed_all(with_length) == progress::complete);
  reader.body.clear();
  CHECK(feed_all("HTTP/1.1 200 OK\r\nContent-Le") == progress::more);
  CHECK(feed_all(chunked) == progress::complete);
  CHECK(reader.body == "hello, world");
}
