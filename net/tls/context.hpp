#pragma once

#include "net/http_client.hpp"

#include <memory>
#include <string>

struct ssl_ctx_st;

namespace opr::net {

/// What all TLS connections to one server have in common: whom to trust, and who the server has to be. Any
/// thread.
class tls_context {
public:
  /// Reads the system's certificates, or those of `SSL_CERT_FILE` and `SSL_CERT_DIR`.
  explicit tls_context(const address& where);
  ~tls_context();

  tls_context(const tls_context&) = delete;
  tls_context& operator=(const tls_context&) = delete;

  /// Nothing if OpenSSL couldn't be set up: then no connection can be made.
  ssl_ctx_st* native() const noexcept { return native_; }
  /// The name, or IP address, that the server's certificate must be for.
  const std::string& server_name() const noexcept { return server_name_; }
  bool checks_certificates() const noexcept { return checks_certificates_; }

private:
  const std::string server_name_;
  const bool checks_certificates_;
  ssl_ctx_st* native_;
};

/// The context of a server that speaks TLS, else nothing.
std::shared_ptr<const tls_context> tls_context_of(const address& where);

} // namespace opr::net
