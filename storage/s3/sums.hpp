#pragma once

#include "net/http_client.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace opr::storage {

/// A sum of bytes in the making. No security is built on it; it tells damage.
class running_sum {
public:
  virtual ~running_sum() = default;
  virtual void add(std::string_view bytes) = 0;
  /// In the digits that S3 uses for it. The last call.
  virtual std::string finish() = 0;
};

/// MD5, in lower-case hex digits.
std::unique_ptr<running_sum> make_md5_sum();

/// An ETag that is the MD5 sum of what was stored in one piece: 32 hex digits, and not of an object that the
/// server has encrypted with a key of somebody's own. Empty: it tells nothing.
std::string md5_of(const net::response_head& head);

/// A sum of the whole object that an answer brings, as its head promises it.
struct promised_sum {
  std::string name; ///< For people: `its ETag, an MD5 sum`.
  std::string text;
  std::unique_ptr<running_sum> of_what_came; ///< Must finish with `text`.
};

/// The MD5 sum in an ETag; else one that `x-amz-checksum-mode` asks for: CRC-64/NVME, CRC-32C, CRC-32,
/// SHA-256 or SHA-1, unless it's one of the sums of an upload's parts, which can't be told from the bytes
/// alone. https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html
/// @param trusts_etags Whether an ETag like an MD5 sum is one.
std::optional<promised_sum> find_promised_sum(const net::response_head& head, bool trusts_etags);

} // namespace opr::storage
