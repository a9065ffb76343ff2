#include "net/tls/context.hpp"

#include <openssl/ssl.h>

#include <array>

namespace opr::net {

namespace {

/// Bytes that are read from the socket at once; records have up to 16 KiB.
constexpr size_t read_ahead = size_t{64} * 1024;

constexpr std::array<unsigned char, 9> http_1_1{8, 'h', 't', 't', 'p', '/', '1', '.', '1'};

SSL_CTX* make_context(bool checks_certificates) {
  auto* made = SSL_CTX_new(TLS_client_method());
  if (made == nullptr)
    return nullptr;
  SSL_CTX_set_min_proto_version(made, TLS1_2_VERSION);
  SSL_CTX_set_options(made, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  // A write that is tried again comes from where the rest of the request is by then.
  SSL_CTX_set_mode(made, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                             SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_read_ahead(made, 1);
  SSL_CTX_set_default_read_buffer_len(made, read_ahead);
  SSL_CTX_set_alpn_protos(made, http_1_1.data(), http_1_1.size());
  SSL_CTX_set_verify(made, checks_certificates ? SSL_VERIFY_PEER : SSL_VERIFY_NONE, nullptr);
  SSL_CTX_set_default_verify_paths(made); // files that aren't there are no error, and trust nobody
  return made;
}

} // namespace

tls_context::tls_context(const address& where)
    : server_name_(where.server_name.empty() ? where.host : where.server_name),
      checks_certificates_(!where.insecure), native_(make_context(checks_certificates_)) {}

tls_context::~tls_context() { SSL_CTX_free(native_); }

std::shared_ptr<const tls_context> tls_context_of(const address& where) {
  return where.tls ? std::make_shared<const tls_context>(where) : nullptr;
}

} // namespace opr::net
