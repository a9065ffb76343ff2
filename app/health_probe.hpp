#pragma once

#include "core/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace opr::app {

/// A program of this project on this machine, and where it tells its health.
struct health_question {
  std::string_view name; ///< `executor`, for messages.
  std::string address;   ///< What it listens on.
  uint16_t port;
  std::string_view path;
};

/// Asks it, as a container's health check does; takes a few seconds at most.
/// @returns Done, or why it is not healthy.
result<done> probe_health(const health_question& whom);

} // namespace opr::app
