#pragma once

#include "core/error.hpp"

#include <array>
#include <cstddef>
#include <string_view>

namespace opr::http {

/// How a client sees a failure.
struct error_row {
  ec code;
  int status;
  std::string_view type;
  std::string_view message; ///< Said when the failure brings no detail of its own.
};

// clang-format off
inline constexpr std::array error_table{
  error_row{ec::none,                       500, "general_unknown",            "Internal server error."},
  error_row{ec::general_unknown,            500, "general_unknown",            "Internal server error."},
  error_row{ec::general_route_not_found,    404, "general_route_not_found",    "Not Found"},
  error_row{ec::general_method_not_allowed, 405, "general_method_not_allowed", "Method Not Allowed"},
  error_row{ec::general_unauthorized,       401, "general_unauthorized",       "Missing executor key"},
  error_row{ec::general_argument_invalid,   400, "general_argument_invalid",   "A parameter is invalid."},
  error_row{ec::general_unavailable,        503, "general_unavailable",        "The executor can't take requests now."},
  error_row{ec::limit_reached,              429, "general_rate_limit_exceeded","The executor is at one of its limits."},
  error_row{ec::build_failed,               400, "build_failed",               "Build command failed."},
  error_row{ec::runtime_failed,             400, "runtime_failed",             "Runtime failed."},
  error_row{ec::runtime_timeout,            400, "runtime_timeout",            "Timed out waiting for runtime."},
  error_row{ec::runtime_not_found,          404, "runtime_not_found",          "Runtime not found"},
  error_row{ec::runtime_conflict,           409, "runtime_conflict",           "Runtime already exists"},
  error_row{ec::execution_bad_request,      400, "execution_bad_request",      "Execution request was invalid."},
  error_row{ec::execution_bad_json,         400, "execution_bad_json",         "Execution resulted in binary response, but JSON response does not allow binaries. Use \"Accept: multipart/form-data\" header to support binaries."},
  error_row{ec::execution_timeout,          400, "execution_timeout",          "Timed out waiting for execution."},
  error_row{ec::logs_timeout,               504, "logs_timeout",               "Timed out waiting for logs."},
  error_row{ec::command_timeout,            500, "command_timeout",            "Operation timed out."},
  error_row{ec::command_failed,             500, "command_failed",             "Failed to execute command."},
  error_row{ec::engine_unreachable,         503, "general_unavailable",        "The Docker Engine can't be reached."},
  error_row{ec::engine_failed,              400, "runtime_failed",             "Runtime failed."},
  error_row{ec::image_not_found,            400, "runtime_failed",             "The image doesn't exist."},
  error_row{ec::container_conflict,         409, "runtime_conflict",           "Another container has the runtime's name."},
  error_row{ec::container_not_found,        400, "runtime_failed",             "The runtime's container is gone."},
  error_row{ec::network_not_found,          400, "runtime_failed",             "The runtimes' network doesn't exist."},
  error_row{ec::connect_failed,             400, "runtime_failed",             "The runtime refuses connections."},
  error_row{ec::connection_broken,          400, "runtime_failed",             "The runtime closed the connection before it answered."},
  error_row{ec::deadline_passed,            400, "runtime_timeout",            "Timed out waiting for runtime."},
  error_row{ec::cancelled,                  400, "runtime_failed",             "The request was cancelled."},
  error_row{ec::answer_invalid,             400, "runtime_failed",             "The runtime's answer could not be read."},
  error_row{ec::answer_too_large,           400, "runtime_failed",             "The function's answer is too large."},
  error_row{ec::source_not_found,           400, "runtime_failed",             "The source doesn't exist."},
  error_row{ec::path_refused,               400, "general_argument_invalid",   "A path is not allowed."},
  error_row{ec::storage_full,               400, "runtime_failed",             "The storage is full."},
  error_row{ec::storage_failed,             400, "runtime_failed",             "The storage failed."},
};
// clang-format on

namespace detail {

constexpr bool in_enum_order() {
  for (std::size_t i = 0; i < error_table.size(); ++i)
    if (error_table[i].code != static_cast<ec>(i))
      return false;
  return error_table.size() == static_cast<std::size_t>(ec::storage_failed) + 1;
}

} // namespace detail

static_assert(detail::in_enum_order(), "every ec needs one row, in the order of the enum");

/// The row of a code; one from elsewhere is `general_unknown`.
constexpr const error_row& row_for(ec code) noexcept {
  auto index = static_cast<std::size_t>(code);
  return index < error_table.size() ? error_table[index]
                                    : error_table[static_cast<std::size_t>(ec::general_unknown)];
}

} // namespace opr::http
