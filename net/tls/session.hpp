#pragma once

#include "net/tls/context.hpp"

#include <string>
#include <string_view>
#include <sys/types.h>

struct ssl_st;

namespace opr::net {

/// TLS on one connected, non-blocking socket. Calls are like the system's: what can't be done at once is -1
/// with `EAGAIN` in `errno`, to be tried again with the same bytes at the next event of the socket, whichever
/// it is, as reading may have to write and the other way round. `EPROTO` is a fault of TLS itself;
/// `complaint` says which.
class tls_session {
public:
  /// @param descriptor Stays the caller's; looked at with each call.
  tls_session(const tls_context& context, const int& descriptor);
  ~tls_session();

  tls_session(const tls_session&) = delete;
  tls_session& operator=(const tls_session&) = delete;

  /// Agrees on keys and checks who the server is; until it's done nothing else may be called.
  /// @returns 0 when done, or the error.
  int shake_hands();
  /// @param bytes Not empty. @returns How many of them were sent.
  ssize_t send(std::string_view bytes);
  /// @returns The bytes, 0 when the peer has said that this is the end. A stream that ends without is
  /// `EPROTO`.
  ssize_t receive(char* to, size_t size);
  /// Whether the peer has neither said anything that nobody asked for nor closed the connection.
  bool is_quiet();
  /// Says that this is the end, if that can be done at once. The last call.
  void say_end() noexcept;

  /// What an error of a call means.
  std::string complaint(int error) const;

private:
  int judge(int outcome);
  bool prepare(const tls_context& context, const int& descriptor);

  ssl_st* native_;
  std::string complaint_;
  bool is_made_ = false;   ///< Hands are shaken.
  bool is_broken_ = false; ///< OpenSSL must not be used any more.
};

} // namespace opr::net
