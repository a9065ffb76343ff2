#pragma once

#include "core/result.hpp"
#include "net/http_client.hpp"
#include "storage/s3/query.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace opr::storage {

/// How files are sent.
struct upload_rules {
  uint64_t part_size = uint64_t{16} << 20U; ///< S3 takes no less than 5 MiB, but for the last part.
  /// Larger files go in parts, which cost requests but needn't all be sent again when a connection breaks;
  /// from this size on Amazon recommends them.
  uint64_t single_up_to = uint64_t{100} << 20U;
  size_t parts_at_once = 3;
};

/// A bucket, where it is, and who asks for it.
struct s3_place {
  std::string access_key;
  std::string secret;
  std::string region;
  std::string bucket;       ///< Empty: the endpoint is a bucket's own.
  std::string prefix;       ///< Of all keys; no slash at either end.
  net::address server;      ///< Where to connect to.
  std::string host;         ///< As requests name it: without the port where that's the scheme's own.
  std::string base_path;    ///< Of the endpoint; empty, or with a slash in front and none behind.
  bool path_style = false;  ///< The bucket is named in the path instead of the host.
  bool trusts_etags = true; ///< An ETag that looks like an MD5 sum is one.
  upload_rules uploads;
};

/// Reads the rest of a DSN behind `s3://` and the like:
/// `KEY:SECRET@HOST/BUCKET[/PREFIX]?region=R&url=ENDPOINT&insecure=true&etag=opaque&multipart_threshold=100`.
/// KEY, SECRET and the parameters are percent-encoded; a slash in SECRET needn't be.
/// - With `url`, that endpoint, path style. Without, virtual-hosted style at HOST; where HOST is empty or
///   `localhost`, at the provider's own endpoint for the region. An IP address, and a bucket with a dot over
///   TLS, whose name no certificate could be for, get path style.
/// - `insecure=true`: without TLS where the endpoint names no scheme, else without a look at the certificate.
/// - `etag=opaque`: ETags are never taken for MD5 sums.
/// - `multipart_threshold`: MiB, from 5 to 5120, the most that S3 takes in one request; larger files go in
///   parts.
/// @param scheme s3, do-spaces, backblaze, linode or wasabi.
/// @returns The place, or `ec::general_argument_invalid`; the text repeats no secret.
result<s3_place> parse_s3_place(std::string_view scheme, std::string_view text);

/// The path of an object, percent-encoded, as it is signed and sent. @param key Without a slash in front.
std::string path_of(const s3_place& where, std::string_view key);

/// Why a key isn't taken (`ec::path_refused`), or nothing if it is: 1 to 1024 bytes, no empty component, `.`
/// or `..`, no control bytes. A slash in front is allowed, and left out.
std::optional<failure> key_fault(std::string_view key);

} // namespace opr::storage
