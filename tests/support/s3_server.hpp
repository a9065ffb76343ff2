#pragma once

#include "tests/support/process.hpp"
#include "tests/support/temp_dir.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

namespace opr::test {

/// Whose server: of Node's @20minutes/s3rver, or OpenStack Swift, which keeps parts where they are.
enum class s3_kind { s3rver, swift };

/// A server that speaks S3 and checks signatures, with the buckets `bucket` and `dotted.bucket`, on
/// 127.0.0.1. It goes, with all its objects, at the end of the test.
class s3_server {
public:
  /// @throws std::runtime_error if the program or its modules aren't there (`tools/setup test` installs
  /// them).
  explicit s3_server(s3_kind kind = s3_kind::s3rver);

  uint16_t port() const noexcept { return port_; }
  /// Its address with the keys in it, encoded: `http://KEY:SECRET@127.0.0.1:PORT`, as curl takes it.
  std::string url() const;
  /// The DSN of a bucket. @param port Another one, of what stands before the server.
  std::string dsn(const std::string& bucket = "bucket", uint16_t port = 0) const;

private:
  std::string keys() const;

  s3_kind kind_;
  temp_dir folder_;
  std::unique_ptr<process> program_;
  uint16_t port_ = 0;
};

} // namespace opr::test
