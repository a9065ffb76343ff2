#pragma once

#include <chrono>
#include <string>

namespace opr {

using clock = std::chrono::steady_clock; ///< For deadlines and durations.
using time_point = clock::time_point;
using wall_clock = std::chrono::system_clock; ///< For time stamps that people and clients read.

/// Seconds since 1970 with a fraction, the API's form of a time stamp.
double unix_seconds(wall_clock::time_point at) noexcept;

/// UTC, ISO-8601 with milliseconds and offset: `2026-01-02T03:04:05.678+00:00`.
std::string iso8601(wall_clock::time_point at);

} // namespace opr
