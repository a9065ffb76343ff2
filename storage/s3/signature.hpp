#pragma once

#include "core/clock.hpp"
#include "core/header_list.hpp"
#include "storage/s3/query.hpp"

#include <string>
#include <string_view>

namespace opr::storage {

/// In place of a body's hash: the body isn't signed.
inline constexpr std::string_view unsigned_payload = "UNSIGNED-PAYLOAD";

/// Who signs, and for what.
struct signer {
  std::string access_key;
  std::string secret;
  std::string region;
  std::string service = "s3";
};

/// What is signed of a request.
struct signed_parts {
  std::string method;
  std::string path; ///< Percent-encoded, as it is sent.
  query_list query;
  header_list headers; ///< All that are signed: `host` and `x-amz-…` must be among them.
  std::string payload_hash;
};

/// `20130524T000000Z`, for `x-amz-date`.
std::string amz_date(wall_clock::time_point at);

/// The value of `Authorization` by AWS's Signature Version 4. Pure.
/// @param date What `amz_date` said, and the request says in `x-amz-date`.
std::string authorization(const signer& who, const signed_parts& what, std::string_view date);

} // namespace opr::storage
