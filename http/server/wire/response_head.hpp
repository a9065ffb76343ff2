#pragma once

#include "http/server/message.hpp"
#include "http/server/wire/request_parser.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace opr::http {

/// How the client finds the end of an answer.
enum class body_length {
  sized,    ///< By the length of the body that is there.
  promised, ///< By the length that the answer's own header names; the body comes later.
  chunked,
  until_close
};

/// The length that an answer's headers promise, if they do, once, and in digits.
std::optional<uint64_t> promised_length(const response& answer) noexcept;

/// The way an answer begun in pieces takes to a client of that kind.
body_length streamed_length(const request_facts& asked) noexcept;

/// Status line and headers of an answer, up to and including the empty line.
///
/// The connection's own fields (`Content-Length`, `Transfer-Encoding`, `Connection`, `Keep-Alive`, `Date`,
/// `Server`) are set here, whatever `answer` says of them, with two exceptions: an answer to HEAD, or a 304,
/// that has no body may tell the length of what it stands for; and if `server_name` is empty, what the answer
/// says of `Date` and `Server` stands. A field whose name or value could break out of its line is dropped. A
/// status outside 200 to 999 becomes 500.
/// @param close Whether the connection ends with this answer.
std::string response_head(const response& answer, const request_facts& asked, body_length length, bool close,
                          std::string_view server_name);

/// Whether an answer to that request has a body on the wire.
bool has_body(int status, const request_facts& asked) noexcept;

/// What goes before a piece of a chunked answer; `\r\n` goes behind it. @param size Not 0, which would end
/// it.
std::string chunk_head(size_t size);

inline constexpr std::string_view last_chunk = "0\r\n\r\n";

} // namespace opr::http
