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

/// The pieces of output that the timings tell, each with its time; at most `max_build_output` bytes, valid
/// UTF-8. A character that was cut in two pieces stands whole in the later one.
/// @param started When `script` was started.
std::vector<log_entry> parse_script_files(const script_files& files, wall_clock::time_point started);

/// Output whose times are not known, as one entry; none if there was no output.
std::vector<log_entry> plain_log(std::string_view output, wall_clock::time_point at);

/// The message of a failed build: its output, and how it ended as the last line, capped at `max_build_output`
/// bytes.
std::string build_failure(const std::vector<log_entry>& output, const std::string& how);

} // namespace opr
