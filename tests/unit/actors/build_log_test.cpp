#include "actors/executor/build_log.hpp"

#include <catch2/catch.hpp>

using namespace opr;

namespace {

const wall_clock::time_point start{std::chrono::seconds{1700000000}};
const std::string intro = "Script started on 2026-01-02 03:04:05+00:00 [COMMAND=\"make\"]\n";

} // namespace

TEST_CASE("each piece of a build's log has its own time") {
  auto log = parse_script_files({intro + "one\ntwo\n", "0.5 4\n1.25 4\n"}, start);
  REQUIRE(log.size() == 2);
  CHECK(log[0].timestamp == "2023-11-14T22:13:20.500+00:00");
  CHECK(log[0].content == "one\n");
  CHECK(log[1].timestamp == "2023-11-14T22:13:21.750+00:00");
  CHECK(log[1].content == "two\n");
}

TEST_CASE("what script writes around the output is not part of the log") {
  auto log =
      parse_script_files({intro + "out\nScript done on 2026 [COMMAND_EXIT_CODE=\"0\"]\n", "0.1 4\n"}, start);
  REQUIRE(log.size() == 1);
  CHECK(log[0].content == "out\n");
}

TEST_CASE("a character that two pieces share stays whole") {
  auto log = parse_script_files({intro + "a\xC3\xA4" + "b", "0.1 2\n0.1 2\n"}, start);
  REQUIRE(log.size() == 2);
  CHECK(log[0].content == "a");
  CHECK(log[1].content == "\xC3\xA4"
                          "b");
}

TEST_CASE("bytes that are no UTF-8 are replaced") {
  auto log = parse_script_files({intro + "a\xFF"
                                         "b\xC3",
                                 "0.1 4\n"},
                                start);
  REQUIRE(log.size() == 2);
  CHECK(log[0].content == "a\xEF\xBF\xBD"
                          "b");
  CHECK(log[1].content == "\xEF\xBF\xBD");
}

TEST_CASE("timings that nobody but a hostile build writes end the log without harm") {
  auto timings = GENERATE("", "x 4\n", "0.1\n", "0.1 -4\n", "nan 4\n", "1e300 4\n",
                          "0.1 99999999999999999999999\n", "-1 4\n", " 0.1 4\n");
  CHECK(parse_script_files({intro + "out\n", timings}, start).empty());
}

TEST_CASE("timings that promise more than there is give what there is") {
  auto log = parse_script_files({intro + "out", "0.1 4000\n0.1 5\n"}, start);
  REQUIRE(log.size() == 1);
  CHECK(log[0].content == "out");
}

TEST_CASE("a log without a first line is empty") {
  CHECK(parse_script_files({"", "0.1 4\n"}, start).empty());
}

TEST_CASE("a log over the limit is cut and ends with one entry that says so") {
  std::string text(max_build_output + 10, 'x');
  auto log = parse_script_files({intro + text, "0.1 " + std::to_string(text.size()) + "\n"}, start);
  REQUIRE(log.size() == 2);
  CHECK(log[0].content.size() == max_build_output);
  CHECK(log[1].content.find("truncated") != std::string::npos);
}

TEST_CASE("a failed build's message ends with how it ended, and holds within the limit") {
  CHECK(build_failure({{"t", "one\n"}, {"t", "two"}}, "It failed.") == "one\ntwo\nIt failed.");
  CHECK(build_failure({}, "Build command failed.") == "Build command failed.");
  CHECK(build_failure({{"t", std::string(max_build_output, 'x')}}, "It failed.").size() == max_build_output);
}

TEST_CASE("a build that writes byte by byte doesn't make an entry of each") {
  std::string timings;
  for (int i = 0; i < 100'000; ++i)
    timings += i % 2 == 0 ? "0.001 1\n" : "0 1\n";
  auto log = parse_script_files({intro + std::string(100'000, 'x'), timings}, start);
  CHECK(log.size() <= 10'000);
  std::size_t total = 0;
  for (const auto& entry : log)
    total += entry.content.size();
  CHECK(total == 100'000);
}

TEST_CASE("a log that grows byte by byte gives the same text as the whole, each piece once") {
  script_files whole{intro + "one\ntwo \xC3\xA4\nthree", "0.5 4\n1.25 5\n0.25 2\n0.1 5\n"};
  script_parser parser{start};
  std::vector<log_entry> entries;
  auto grows_first = GENERATE(true, false);
  for (std::size_t i = 0; i < whole.log.size() + whole.timings.size(); ++i) {
    auto of_log = grows_first ? i < whole.log.size() : i >= whole.timings.size();
    auto at = grows_first ? (of_log ? i : i - whole.log.size()) : (of_log ? i - whole.timings.size() : i);
    parser.add(of_log ? script_files{whole.log.substr(at, 1), ""}
                      : script_files{"", whole.timings.substr(at, 1)},
               entries);
  }
  parser.finish(entries);
  auto expected = parse_script_files(whole, start);
  CHECK(log_lines(entries) == log_lines(expected));
  CHECK(entries.size() == 4);
}

TEST_CASE("a piece is told as soon as its text and its time are there") {
  script_parser parser{start};
  std::vector<log_entry> entries;
  parser.add({intro + "on", "0.5 4\n"}, entries);
  CHECK(entries.empty());
  parser.add({"e\nt", ""}, entries);
  REQUIRE(entries.size() == 1);
  CHECK(entries[0].content == "one\n");
}

TEST_CASE("a follower's line has the line breaks of its content written out") {
  CHECK(log_lines({{"2026-01-02T03:04:05.678+00:00", "a\nb\n"}, {"T", "c"}}) ==
        "2026-01-02T03:04:05.678+00:00 a\\nb\\n\nT c\n");
}
