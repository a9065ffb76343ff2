#pragma once

#include <memory>
#include <string>
#include <string_view>

struct evp_md_ctx_st;

namespace opr::storage {

/// Lower-case hex digits of bytes.
std::string hex(std::string_view bytes);

std::string sha256(std::string_view text); ///< 32 bytes.
/// 32 bytes.
std::string hmac_sha256(std::string_view key, std::string_view text);

/// An MD5 sum in the making: what S3 calls an ETag of an object that came in one piece. No security is built
/// on it; it tells damage.
class md5_sum {
public:
  md5_sum();
  ~md5_sum();
  md5_sum(const md5_sum&) = delete;
  md5_sum& operator=(const md5_sum&) = delete;

  void add(std::string_view bytes);
  /// In hex. The last call.
  std::string finish();

private:
  evp_md_ctx_st* context_;
};

} // namespace opr::storage
