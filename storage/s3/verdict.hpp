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

/// An ETag that is the MD5 sum of what was stored in one piece: 32 hex digits, and not of an object that the
/// server has encrypted with a key of somebody's own. Empty: it tells nothing.
std::string md5_of(const net::response_head& head);

} // namespace opr::storage
