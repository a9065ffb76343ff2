#pragma once

#include "core/clock.hpp"
#include "core/requests.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace opr {

/// What of a build's output is passed on: more is cut, and the cut is said.
inline constexpr std::size_t max_build_output = 1'000'000;

/// The files that `script` leaves behind, as far as they were read. Made by user code: any content is
/// possible.
struct script_files {
  std::string log;     ///< A first line by `script` itself, then the output.
  std::string timings; ///< A line per piece of output: `<seconds since the previous> <bytes>`.
};

/// Takes `script`'s files as they grow and tells the pieces of output, each with its time: at most
/// `max_build_output` bytes in all, valid UTF-8. A character that was cut in two pieces stands whole in the
/// later one.
class script_parser {
public:
  /// @param started When `script` was started.
  explicit script_parser(wall_clock::time_point started) : at_(started) {}

  /// Takes what follows in each of the files. @param into Gets the pieces that are complete now.
  void add(const script_files& more, std::vector<log_entry>& into);
  /// Nothing follows any more. @param into Gets what was incomplete.
  void finish(std::vector<log_entry>& into);

private:
  void take_all(bool is_end, std::vector<log_entry>& into);
  void take(std::string_view piece, std::vector<log_entry>& into);
  void skip_first_line();

  wall_clock::time_point at_;
  std::string log_;     ///< Not told yet.
  std::string timings_; ///< Not read yet.
  std::string carried_; ///< The first bytes of a character whose rest is in the next piece.
  std::size_t total_ = 0;
  std::size_t entries_ = 0;
  bool has_begun_ = false; ///< The first line of the log is over.
  bool is_over_ = false;   ///< The limit was reached, or what `script` would never write.
};

/// The same for files that are complete.
std::vector<log_entry> parse_script_files(const script_files& files, wall_clock::time_point started);

/// Entries as followers of a log get them: `<timestamp> <content>` lines, line breaks in the content as `\n`.
std::string log_lines(const std::vector<log_entry>& entries);

/// Output whose times are not known, as one entry; none if there was no output.
std::vector<log_entry> plain_log(std::string_view output, wall_clock::time_point at);

/// The message of a failed build: its output, and how it ended as the last line, capped at `max_build_output`
/// bytes.
std::string build_failure(const std::vector<log_entry>& output, const std::string& how);

} // namespace opr
