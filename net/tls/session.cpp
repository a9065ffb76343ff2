#include "net/tls/session.hpp"

#include "net/tls/socket_bio.hpp"

#include <boost/asio/ip/address.hpp>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <system_error>

namespace opr::net {

namespace {

/// What OpenSSL has put on its list of errors last.
std::string last_complaint() {
  auto code = ERR_peek_last_error();
  if (code == 0)
    return "TLS failed";
  if (const char* reason = ERR_reason_error_string(code))
    return std::string("TLS: ") + reason;
  return "TLS: error " + std::to_string(code);
}

/// Says who the server has to be.
bool expect_server(SSL* session, const std::string& name) {
  boost::system::error_code is_name;
  boost::asio::ip::make_address(name, is_name);
  auto* rules = SSL_get0_param(session);
  if (!is_name)
    return X509_VERIFY_PARAM_set1_ip_asc(rules, name.c_str()) == 1;
  X509_VERIFY_PARAM_set_hostflags(rules, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  return X509_VERIFY_PARAM_set1_host(rules, name.data(), name.size()) == 1 &&
         SSL_set_tlsext_host_name(session, name.c_str()) == 1;
}

} // namespace

tls_session::tls_session(const tls_context& context, const int& descriptor)
    : native_(context.native() == nullptr ? nullptr : SSL_new(context.native())) {
  ERR_clear_error();
  is_broken_ = native_ == nullptr || !prepare(context, descriptor);
  if (is_broken_)
    complaint_ = last_complaint();
}

bool tls_session::prepare(const tls_context& context, const int& descriptor) {
  auto* way = make_socket_bio(descriptor);
  if (way == nullptr)
    return false;
  SSL_set_bio(native_, way, way);
  SSL_set_connect_state(native_);
  return expect_server(native_, context.server_name());
}

tls_session::~tls_session() { SSL_free(native_); }

int tls_session::shake_hands() {
  if (is_broken_)
    return EPROTO;
  ERR_clear_error();
  auto outcome = SSL_do_handshake(native_);
  is_made_ = outcome == 1;
  if (is_made_)
    return 0;
  auto error = judge(outcome);
  auto verdict = SSL_get_verify_result(native_);
  if (error == EPROTO && verdict != X509_V_OK)
    complaint_ =
        std::string("the server's certificate was refused: ") + X509_verify_cert_error_string(verdict);
  return error == 0 ? EPROTO : error;
}

ssize_t tls_session::send(std::string_view bytes) {
  if (is_broken_) {
    errno = EPROTO;
    return -1;
  }
  ERR_clear_error();
  auto sent = SSL_write(native_, bytes.data(), static_cast<int>(std::min<size_t>(bytes.size(), INT_MAX)));
  if (sent > 0)
    return sent;
  auto error = judge(sent);
  errno = error == 0 ? EPIPE : error;
  return -1;
}

ssize_t tls_session::receive(char* to, size_t size) {
  if (is_broken_) {
    errno = EPROTO;
    return -1;
  }
  ERR_clear_error();
  auto got = SSL_read(native_, to, static_cast<int>(std::min<size_t>(size, INT_MAX)));
  if (got > 0)
    return got;
  errno = judge(got);
  return errno == 0 ? 0 : -1;
}

bool tls_session::is_quiet() {
  if (is_broken_)
    return false;
  ERR_clear_error();
  char byte = 0;
  auto got = SSL_peek(native_, &byte, 1);
  return got <= 0 && judge(got) == EAGAIN;
}

void tls_session::say_end() noexcept {
  if (!is_made_ || is_broken_)
    return;
  ERR_clear_error();
  SSL_shutdown(native_);
  is_broken_ = true;
}

/// @param outcome What OpenSSL answered. @returns 0 for the peer's end in good order, or the error.
int tls_session::judge(int outcome) {
  auto system_error = errno;
  switch (SSL_get_error(native_, outcome)) {
  case SSL_ERROR_WANT_READ:
  case SSL_ERROR_WANT_WRITE:
    return EAGAIN;
  case SSL_ERROR_ZERO_RETURN:
    return 0;
  case SSL_ERROR_SYSCALL:
    is_broken_ = true;
    complaint_ = "the connection ended without the end of TLS";
    return ERR_peek_error() == 0 && system_error != 0 ? system_error : EPROTO;
  default:
    is_broken_ = true;
    complaint_ = last_complaint();
    return EPROTO;
  }
}

std::string tls_session::complaint(int error) const {
  return error == EPROTO && !complaint_.empty() ? complaint_ : std::generic_category().message(error);
}

} // namespace opr::net
