#pragma once

#include "core/error.hpp"
#include "http/api/executor_api.hpp"
#include "http/api/request_body.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace opr::http {

// What the handlers of requests have in common.

using context_ptr = std::shared_ptr<const api_context>;

/// Larger bodies are decoded by a worker: parsing them would hold up all other connections.
inline constexpr std::size_t decode_inline_below = 256 * 1024;

/// The request that met a failure, as the operator is told of it.
struct asked {
  std::string_view method = {};
  std::string_view route = {}; ///< `/v1/runtimes/{runtimeId}`
  std::string runtime_id = {};
};

/// The answer that a failure gets. One that isn't the caller's fault is reported, an unexpected one is
/// logged, too.
response refusal(const failure& why, const api_context& with, const asked& by = {});

/// Takes body and `Content-Type` out of a request.
request_body take_body(request& in);

/// Does something with a body here, or where a large one holds nobody up.
template <class F>
void where_it_fits(const api_context& with, request_body&& body, F what) {
  if (body.bytes.size() < decode_inline_below)
    return what(std::move(body));
  auto large = std::make_shared<request_body>(std::move(body));
  with.run_short([large, what = std::move(what)]() mutable { what(std::move(*large)); });
}

} // namespace opr::http
