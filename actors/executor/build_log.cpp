#include "actors/executor/build_log.hpp"

#include "core/utf8.hpp"

#include <algorithm>
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

/// A line's figures; nothing if it isn't one of `script`'s.
std::optional<timing> read_timing(std::string_view line) {
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

} // namespace

void script_parser::add(const script_files& more, std::vector<log_entry>& into) {
  if (is_over_)
    return;
  log_ += more.log;
  timings_ += more.timings;
  skip_first_line();
  take_all(false, into);
}

void script_parser::finish(std::vector<log_entry>& into) {
  take_all(true, into);
  if (!is_over_ && !carried_.empty())
    into.push_back({iso8601(at_), to_utf8(carried_)});
  is_over_ = true;
}

void script_parser::skip_first_line() {
  if (has_begun_)
    return;
  auto end = log_.find('\n');
  has_begun_ = end != std::string::npos;
  log_.erase(0, has_begun_ ? end + 1 : std::string::npos);
}

/// Takes the pieces whose timing and text are there, or at the end what there is of them.
void script_parser::take_all(bool is_end, std::vector<log_entry>& into) {
  std::string_view lines = timings_;
  std::string_view log = log_;
  while (!is_over_ && !lines.empty()) {
    auto length = lines.find('\n');
    if (length == std::string_view::npos && !is_end)
      break;
    auto line = lines.substr(0, length);
    auto piece = read_timing(line);
    if (piece && piece->bytes > log.size() && !is_end)
      break;
    lines.remove_prefix(std::min(line.size() + 1, lines.size()));
    is_over_ = !piece;
    if (is_over_)
      break;
    at_ += std::chrono::duration_cast<wall_clock::duration>(std::chrono::duration<double>(piece->seconds));
    take(log.substr(0, piece->bytes), into);
    log.remove_prefix(std::min(piece->bytes, log.size()));
  }
  timings_.erase(0, timings_.size() - lines.size());
  log_.erase(0, log_.size() - log.size());
}

void script_parser::take(std::string_view piece, std::vector<log_entry>& into) {
  auto content = carried_ + std::string(piece);
  auto time = iso8601(at_);
  is_over_ = total_ + content.size() > max_build_output;
  if (is_over_) {
    into.push_back({time, to_utf8(cut_utf8(content, max_build_output - total_))});
    into.push_back({time, std::string(truncation_note)});
    return;
  }
  carried_ = content.substr(content.size() - incomplete_tail(content));
  content.resize(content.size() - carried_.size());
  total_ += content.size();
  if (content.empty())
    return;
  // Pieces of the same millisecond become one, and so do those past the limit: a build may write byte by
  // byte.
  if (!into.empty() && (into.back().timestamp == time || entries_ >= max_entries)) {
    into.back().content += to_utf8(content);
    return;
  }
  into.push_back({std::move(time), to_utf8(content)});
  ++entries_;
}

std::vector<log_entry> parse_script_files(const script_files& files, wall_clock::time_point started) {
  std::vector<log_entry> entries;
  script_parser parser{started};
  parser.add(files, entries);
  parser.finish(entries);
  return entries;
}

std::string log_lines(const std::vector<log_entry>& entries) {
  std::string text;
  for (const auto& entry : entries) {
    text.append(entry.timestamp).append(" ");
    for (char c : entry.content)
      c == '\n' ? text.append("\\n") : text.append(1, c);
    text += '\n';
  }
  return text;
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
