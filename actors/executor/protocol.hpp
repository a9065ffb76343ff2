#pragma once

#include "core/calls.hpp"
#include "core/clock.hpp"
#include "core/requests.hpp"
#include "core/result.hpp"
#include "net/http_client.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace opr {

/// The port on which every runtime serves.
inline constexpr uint16_t runtime_port = 3000;
/// More than that is not taken as a function's answer.
inline constexpr std::size_t max_function_answer = 64 * 1024 * 1024;

/// How to talk to a running runtime; the same for all its executions.
struct runtime_link {
  generation version = generation::v5;
  std::string secret;
  std::string headers; ///< The lines that every request of v3 and later brings: who asks; see `link_headers`.
  std::string log_folder; ///< Where `/mnt/logs` is on the host.
  std::shared_ptr<net::upstream> server;
  std::shared_ptr<gate> slots; ///< How many executions it serves at once; empty: any number.
  time_point up_since{};       ///< When its container ran.
};
using runtime_link_ptr = std::shared_ptr<const runtime_link>;

/// `Basic base64("opr:" + secret)`.
std::string basic_auth(std::string_view secret);

/// `Authorization` and `x-open-runtimes-secret`, as lines of a request.
std::string link_headers(const std::string& secret);

/// The request that a runtime of the link's generation gets for an execution (wire contract, section 3).
net::outgoing encode_for_runtime(const execution_ptr& call, const runtime_link& link, time_point now);

/// What the head of a runtime's answer tells, in the API's terms: status, the function's headers, and of v3
/// the logs and errors. Those of later generations are in files: see `log_id`. Not for v2.
execution_result decode_head(generation version, net::response_head&& head);

/// A runtime's whole answer in the API's terms; see `decode_head`. Fails with `runtime_failed` for a v2
/// answer that is none.
result<execution_result> decode_from_runtime(generation version, net::response_head&& head,
                                             std::string&& body);

/// The id under which a runtime (v4, v5) has written the logs of an answer; nothing when there are none, or
/// when the id (which comes from user code) is more than a plain file name.
std::optional<std::string> log_id(const net::response_head& head);

/// Whether a caller's header is passed on: not what frames the message, belongs to one connection or to the
/// executor.
bool passes_to_function(std::string_view name);

} // namespace opr
