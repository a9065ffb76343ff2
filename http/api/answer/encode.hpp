#pragma once

#include "core/error.hpp"
#include "core/requests.hpp"
#include "http/server/message.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace opr::http {

// Encoders of answers. What an execution answers stands in `encode_execution.hpp`.

/// Sets the version that errors tell, which is the program's own unless this is called. For the start: not to
/// be called once there are requests.
void tell_version(std::string version);

/// A failure as clients see it. What is unexpected (`general_unknown`) says its detail only in development.
response encode_error(const failure& why, bool development);

/// An error that the front end found by itself: `status` with that message.
response encode_front_end_error(int status, std::string_view why);

/// `POST /v1/runtimes`; `first_generation` adds the keys that its clients read.
response encode_created(const created_runtime& made, bool first_generation);

/// `GET /v1/runtimes` and `GET /v1/runtimes/{runtimeId}`.
response encode_runtimes(const std::vector<runtime_facts>& all);
response encode_runtime(const runtime_facts& one);

/// `POST /v1/runtimes/{runtimeId}/commands`.
response encode_command(std::string_view output);

/// `GET /v1/runtimes/{runtimeId}/logs` before its first line.
response encode_log_head();

/// `GET /v1/health`: 503 with the reason if there is one.
/// @param usage For callers with the key; nullptr: not told.
response encode_health(std::string_view trouble, const usage_figures* usage);

} // namespace opr::http
