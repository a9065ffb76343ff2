#pragma once

#include "core/requests.hpp"
#include "core/result.hpp"
#include "http/api/request_body.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace opr::http {

/// Largest body of an execution, in bytes.
inline constexpr std::size_t max_execution_body = 20'971'520;

/// What an operator has decided about requests.
struct request_rules {
  std::vector<generation> versions;                ///< Configured, oldest first.
  double cpus = 1;                                 ///< Of runtimes whose request names none; 0: no limit.
  uint64_t memory_mb = 512;                        ///< Of runtimes whose request names none; 0: no limit.
  std::chrono::milliseconds build_timeout{600000}; ///< Of builds whose request names none.
  std::chrono::milliseconds max_timeout{86400000}; ///< The longest that an execution may ask for.
  std::vector<std::string> allowed_images =
      {}; ///< Patterns, see `core/image_reference.hpp`; none: any image.
};

/// Whether a text may be a runtime's id: 1 to 64 of `A-Z a-z 0-9 _ . -`, the first a letter or digit. It
/// becomes a part of a container's name and of a path.
bool is_runtime_id(std::string_view text);

// Decoders of requests. They fail with `general_argument_invalid`, whose detail names the parameter and the
// rule.

/// `POST /v1/runtimes`.
result<runtime_request> decode_creation(request_body body, const request_rules& rules);

/// `POST /v1/runtimes/{runtimeId}/executions`. The body is parsed in place and lives on in the request.
result<execution_request> decode_execution(request_body body, std::string runtime_id,
                                           const request_rules& rules);

/// `POST /v1/execution`, the first generation's.
result<execution_request> decode_first_execution(request_body body, const request_rules& rules);

/// `POST /v1/runtimes/{runtimeId}/commands`.
result<command_request> decode_command(request_body body, std::string runtime_id);

/// `GET /v1/runtimes/{runtimeId}/logs?timeout=600`: how long to wait for a line.
/// @param target The request's, with its query.
result<std::chrono::milliseconds> decode_follow(std::string_view target);

} // namespace opr::http
