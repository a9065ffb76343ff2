#pragma once

#include "tests/support/process.hpp"
#include "tests/support/temp_dir.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

namespace opr::test {

/// A server that speaks S3 and checks signatures, with the buckets `bucket` and `dotted.bucket`, on
/// 127.0.0.1. It goes, with all its objects, at the end of the test.
class s3_server {
public:
  static constexpr const char* access_key = "S3RVER";
  static constexpr const char* secret = "S3RVER";

  /// @throws std::runtime_error if node or its module isn't there (`tools/setup test` installs both).
  s3_server();

  uint16_t port() const noexcept { return port_; }
  /// The DSN of a bucket. @param port Another one, of what stands before the server.
  std::string dsn(const std::string& bucket = "bucket", uint16_t port = 0) const;
  /// How many files of a bucket's folder have that in their paths: objects, or parts of uploads.
  size_t files_with(const std::string& text) const;

private:
  temp_dir folder_;
  std::unique_ptr<process> program_;
  uint16_t port_ = 0;
};

} // namespace opr::test
