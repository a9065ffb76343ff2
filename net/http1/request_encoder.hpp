#pragma once

#include "net/http_client.hpp"

#include <string>
#include <string_view>

namespace opr::net {

/// The `Host` of requests to a server: `host:port`, IPv6 in brackets, `localhost` for a unix socket.
std::string host_of(const address& where);

/// Writes request line and fields, the empty line included, in place of what `to` held. What decides on
/// framing and on the connection's life is the client's own: such fields of the request are left out.
void encode_head(std::string& to, const outgoing& request, std::string_view host);

/// Writes the line before a piece of a chunked body in place of what `to` held.
/// @param size At least 1: a chunk of nothing would end the body.
void encode_chunk_size(std::string& to, size_t size);

inline constexpr std::string_view chunk_end = "\r\n";
inline constexpr std::string_view last_chunk = "0\r\n\r\n";

} // namespace opr::net
