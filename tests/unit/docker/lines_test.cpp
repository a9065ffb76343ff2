#include "docker/wire/lines.hpp"

#include <catch2/catch.hpp>

#include <vector>

using opr::docker::line_splitter;

namespace {

struct collector {
  std::vector<std::string> lines;
  std::function<bool(std::string_view)> sink() {
    return [this](std::string_view line) {
      lines.emplace_back(line);
      return true;
    };
  }
};

} // namespace

TEST_CASE("lines are the same wherever the stream is cut in two", "[docker]") {
  const std::string_view bytes = "one\n\r\ntwo\r\n\nthree and more\nunfinished";
  for (size_t cut = 0; cut <= bytes.size(); ++cut) {
    collector got;
    line_splitter lines(100);
    REQUIRE(lines.feed(bytes.substr(0, cut), got.sink()));
    REQUIRE(lines.feed(bytes.substr(cut), got.sink()));
    REQUIRE(got.lines == std::vector<std::string>{"one", "two", "three and more"});
  }
}

TEST_CASE("a line without end is refused at its limit, however it comes", "[docker]") {
  collector got;
  line_splitter lines(10);
  CHECK(lines.feed("0123456789\n", got.sink()));
  CHECK_FALSE(lines.feed("0123456789a\n", got.sink()));

  line_splitter slowly(10);
  for (int i = 0; i < 10; ++i)
    CHECK(slowly.feed("x", got.sink()));
  CHECK_FALSE(slowly.feed("x", got.sink()));
}

TEST_CASE("a reader that has had enough gets no further line", "[docker]") {
  int seen = 0;
  line_splitter lines(10);
  CHECK_FALSE(lines.feed("a\nb\nc\n", [&](std::string_view) { return ++seen < 2; }));
  CHECK(seen == 2);
}
