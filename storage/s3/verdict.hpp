#pragma once

#include "core/clock.hpp"
#include "net/http_client.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace opr::storage {

/// How a request to S3 ended.
struct s3_reply {
  failure why{ec::none, {}}; ///< Of the call itself; the rest counts only if there is none.
  net::response_head head;
  std::string body; ///< Its beginning at least.
};

/// What to make of it.
struct s3_verdict {
  failure why{ec::none, {}};                  ///< Names bucket, key and what the server said.
  bool may_repeat = false;                    ///< The same request may do better later.
  std::optional<clock::duration> retry_after; ///< If the server said when.
};

/// @param what For people: `bucket b, key k`.
s3_verdict judge(const s3_reply& reply, const std::string& what);

} // namespace opr::storage
