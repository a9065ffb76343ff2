// The files of `script`, which builds can write to: their pieces are UTF-8 and bounded, and the same however
// they grow.
#include "actors/executor/build_log.hpp"
#include "core/utf8.hpp"
#include "fuzz/input.hpp"

#include <algorithm>
#include <string>

namespace {

using namespace opr;
using namespace opr::fuzz;

const wall_clock::time_point started{};

void check(const std::vector<log_entry>& entries) {
  std::size_t total = 0;
  for (const auto& one : entries) {
    must(is_utf8(one.content), "a log is UTF-8");
    must(!one.content.empty(), "a piece has content");
    total += one.content.size();
  }
  must(total <= 3 * max_build_output + 100, "a log is bounded"); // A bad byte becomes three.
  auto lines = log_lines(entries);
  must(static_cast<std::size_t>(std::count(lines.begin(), lines.end(), '\n')) == entries.size(),
       "a piece is one line");
}

std::string content_of(const std::vector<log_entry>& entries) {
  std::string text;
  for (const auto& one : entries)
    text += one.content;
  return text;
}

/// The same files as they grow: the log first, so that no timing tells of what is not there.
std::vector<log_entry> grown(const script_files& files, uint8_t pattern) {
  script_parser parser{started};
  std::vector<log_entry> entries;
  in_pieces(files.log, pattern, [&](std::string_view piece) {
    parser.add({std::string(piece), ""}, entries);
    return true;
  });
  in_pieces(files.timings, pattern, [&](std::string_view piece) {
    parser.add({"", std::string(piece)}, entries);
    return true;
  });
  parser.finish(entries);
  return entries;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  auto bytes = text_of(data, size);
  auto pattern = take_byte(bytes);
  script_files files;
  files.timings = std::string(take_text(bytes));
  files.log = std::string(bytes);
  auto whole = parse_script_files(files, started);
  check(whole);
  auto in_parts = grown(files, pattern);
  check(in_parts);
  must(content_of(whole) == content_of(in_parts), "a growing log is the same as a whole one");
  must(is_utf8(build_failure(whole, "Build command failed.")), "a failure's message is UTF-8");
  for (const auto& one : plain_log(bytes, started))
    must(is_utf8(one.content), "a plain log is UTF-8");
  return 0;
}
