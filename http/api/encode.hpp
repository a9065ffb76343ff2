#pragma once

#include "core/error.hpp"
#include "core/requests.hpp"
#include "http/server/message.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace opr::http {

// Encoders of answers; all of them JSON.

/// A failure as clients see it. What is unexpected (`general_unknown`) says its detail only in development.
response encode_error(const failure& why, bool development);

/// An error that the front end found by itself: `status` with that message.
response encode_front_end_error(int status, std::string_view why);

/// `POST /v1/runtimes`; `first_generation` adds the keys that its clients read.
response encode_created(const created_runtime& made, bool first_generation);

/// `GET /v1/runtimes` and `GET /v1/runtimes/{runtimeId}`.
response encode_runtimes(const std::vector<runtime_facts>& all);
response encode_runtime(const runtime_facts& one);

/// An execution's answer; `execution_bad_json` if the function's body is not UTF-8.
response encode_execution(const execution_result& answer, bool development);

/// The same for `POST /v1/execution`: each text is cut at 1,000,000 bytes.
response encode_first_execution(const execution_result& answer);

/// `GET /v1/health`: 503 with the reason if there is one.
response encode_health(std::string_view trouble);

} // namespace opr::http
