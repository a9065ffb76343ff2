#include "actors/executor/build_log.hpp"

#include "core/utf8.hpp"

#include <charconv>
#include <optional>

namespace opr {

namespace {

constexpr std::string_view truncation_note = "\nBuild output has been truncated to 1,000,000 bytes.\n";

constexpr std::size_t max_entries = 10'000;

struct timing {
  double seconds;
  std::size_t bytes;
};

/// The next line's figures; nothing at the end or at the first line that isn't one.
std::optional<timing> next_timing(std::string_view& lines) {
  auto line = lines.substr(0, lines.find('\n'));
  lines.remove_prefix(std::min(line.size() + 1, lines.size()));
  timing read{};
  auto [after, bad_seconds] = std::from_chars(line.data(), line.data() + line.size(), read.seconds);
  if (bad_seconds != std::errc{} || after == line.data() + line.size() || *after != ' ')
    return std::nullopt;
  auto [end, bad_bytes] = std::from_chars(after + 1, line.data() + line.size(), read.bytes);
  // No piece takes longer than a day; what claims so, or is no number, was not written by `script`.
  if (bad_bytes != std::errc{} || end == after + 1 || !(read.seconds >= 0 && read.seconds < 86400))
    return std::nullopt;
  return read;
}

std::string_view without_first_line(std::string_view log) {
  auto end = log.find('\n');
  return end == std::string_view::npos ? std::string_view{} : log.substr(end + 1);
}

/// Pieces of the same millisecond become one, and so do those past the limit: a build may write byte by byte.
void append(std::vector<log_entry>& entries, std::string timestamp, const std::string& content) {
  if (!entries.empty() && (entries.back().timestamp == timestamp || entries.size() >= max_entries))
    entries.back().content += content;
  else
    entries.push_back({std::move(timestamp), content});
}

} // namespace

std::vector<log_entry> parse_script_files(const script_files& files, wall_clock::time_point started) {
  std::vector<log_entry> entries;
  auto log = without_first_line(files.log);
  std::string_view lines = files.timings;
  std::string carried; // The first bytes of a character whose rest is in the next piece.
  std::size_t total = 0;
  auto at = started;
  while (auto piece = next_timing(lines)) {
    at += std::chrono::duration_cast<wall_clock::duration>(std::chrono::duration<double>(piece->seconds));
    auto content = carried + std::string(log.substr(0, piece->bytes));
    log.remove_prefix(std::min(piece->bytes, log.size()));
    if (total + content.size() > max_build_output) {
      entries.push_back({iso8601(at), to_utf8(cut_utf8(content, max_build_output - total))});
      entries.push_back({iso8601(at), std::string(truncation_note)});
      return entries;
    }
    carried = content.substr(content.size() - incomplete_tail(content));
    content.resize(content.size() - carried.size());
    total += content.size();
    if (!content.empty())
      append(entries, iso8601(at), to_utf8(content));
  }
  if (!carried.empty())
    entries.push_back({iso8601(at), to_utf8(carried)});
  return entries;
}

std::vector<log_entry> plain_log(std::string_view output, wall_clock::time_point at) {
  if (output.empty())
    return {};
  std::vector<log_entry> entries{{iso8601(at), to_utf8(cut_utf8(output, max_build_output))}};
  if (output.size() > max_build_output)
    entries.push_back({iso8601(at), std::string(truncation_note)});
  return entries;
}

std::string build_failure(const std::vector<log_entry>& output, const std::string& how) {
  std::string text;
  for (const auto& entry : output)
    text += entry.content;
  text.resize(cut_utf8(text, max_build_output - how.size() - 1).size());
  if (!text.empty() && text.back() != '\n')
    text += '\n';
  return text + how;
}

} // namespace opr
