#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace opr {

/// What went wrong, in the words of the API where it has one. How a client sees each stands in
/// `http/api/error_table.hpp`.
enum class ec : uint8_t {
  none,
  // What the API calls by name.
  general_unknown,
  general_route_not_found,
  general_method_not_allowed,
  general_unauthorized,
  general_argument_invalid,
  general_unavailable, ///< Draining, or the Engine is away: try again later.
  limit_reached,       ///< One of the operator's limits, which the detail names: try again later.
  build_failed,
  runtime_failed,
  runtime_timeout,
  runtime_not_found,
  runtime_conflict,
  execution_bad_request,
  execution_bad_json,
  execution_timeout,
  logs_timeout,
  command_timeout,
  command_failed,
  // The Docker Engine.
  engine_unreachable,
  engine_failed, ///< The Engine answered with an error that has no code of its own.
  image_not_found,
  container_conflict, ///< The container's name is taken.
  container_not_found,
  network_not_found,
  // Outbound HTTP.
  connect_failed,    ///< Nothing of the request was sent.
  connection_broken, ///< The request may have been received.
  deadline_passed,
  cancelled,
  answer_invalid, ///< Not HTTP, or not what was asked for.
  answer_too_large,
  // Storage.
  source_not_found,
  path_refused,
  storage_full,
  storage_failed,
};

/// A failure on its way to whoever asked: the code decides what a client sees, the detail says it for people.
struct failure {
  ec code = ec::general_unknown;
  std::string detail;
};

/// The enumerator's own name, for logs: `runtime_not_found`.
std::string_view to_string(ec code) noexcept;

} // namespace opr
