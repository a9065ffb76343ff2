#include "docker/wire/frames.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace opr::docker;

namespace {

std::string frame(stream which, const std::string& payload) {
  std::string bytes(8, '\0');
  bytes[0] = static_cast<char>(which);
  for (int i = 0; i < 4; ++i)
    bytes[7 - static_cast<size_t>(i)] = static_cast<char>(payload.size() >> (8 * i));
  return bytes + payload;
}

struct sorted {
  std::string out;
  std::string err;
  frame_parser::sink sink() {
    return [this](stream which, std::string_view payload) {
      (which == stream::std_err ? err : out).append(payload);
    };
  }
};

const std::string sample = frame(stream::std_out, "hello ") + frame(stream::std_err, "trouble") +
                           frame(stream::std_out, "") + frame(stream::std_out, std::string("wor\0ld", 6));

} // namespace

TEST_CASE("output is the same wherever the stream is cut in two", "[docker]") {
  for (size_t cut = 0; cut <= sample.size(); ++cut) {
    sorted got;
    frame_parser frames;
    REQUIRE(frames.feed(std::string_view(sample).substr(0, cut), got.sink()));
    REQUIRE(frames.feed(std::string_view(sample).substr(cut), got.sink()));
    REQUIRE(frames.at_boundary());
    REQUIRE(got.out == std::string("hello wor\0ld", 12));
    REQUIRE(got.err == "trouble");
  }
}

TEST_CASE("output is the same when every byte comes alone", "[docker]") {
  sorted got;
  frame_parser frames;
  for (char byte : sample)
    REQUIRE(frames.feed({&byte, 1}, got.sink()));
  CHECK(frames.at_boundary());
  CHECK(got.out == std::string("hello wor\0ld", 12));
  CHECK(got.err == "trouble");
}

TEST_CASE("a stream that ends inside a frame is noticed", "[docker]") {
  auto one = frame(stream::std_out, "abc");
  for (size_t cut = 1; cut < one.size(); ++cut) {
    sorted got;
    frame_parser frames;
    REQUIRE(frames.feed(std::string_view(one).substr(0, cut), got.sink()));
    REQUIRE_FALSE(frames.at_boundary());
  }
}

TEST_CASE("a frame of 4 GiB is handed on as it comes, not waited for", "[docker]") {
  sorted got;
  frame_parser frames;
  REQUIRE(frames.feed(std::string("\1\0\0\0\xff\xff\xff\xff", 8) + "first", got.sink()));
  CHECK(got.out == "first");
  CHECK_FALSE(frames.at_boundary());
}

TEST_CASE("bytes that are no frames are refused", "[docker]") {
  auto bytes = GENERATE(std::string("plain text"), std::string("\3\0\0\0\0\0\0\1x", 9),
                        std::string("\1\1\0\0\0\0\0\1x", 9), std::string("\1\0\1\0\0\0\0\1x", 9),
                        std::string("\1\0\0\1\0\0\0\1x", 9), std::string("\xff\0\0\0\0\0\0\1x", 9));
  sorted got;
  frame_parser frames;
  CHECK_FALSE(frames.feed(bytes, got.sink()));
  CHECK(got.out.empty());
}
