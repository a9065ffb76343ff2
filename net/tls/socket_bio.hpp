#pragma once

#include <openssl/bio.h>

namespace opr::net {

/// OpenSSL's way to a non-blocking socket. Its own would let the kernel kill the process (SIGPIPE) when the
/// peer has gone. The socket stays the caller's.
/// @param descriptor Looked at with each use.
/// @returns Nothing if there is no memory.
BIO* make_socket_bio(const int& descriptor);

} // namespace opr::net
