#pragma once

#include "core/header_list.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace opr::net {
class body_source;
}

namespace opr::http {

/// A request as it came in: whole, or with a body that is still to come.
struct request {
  std::string method;  ///< As sent: `GET`.
  std::string target;  ///< As sent, undecoded: `/v1/runtimes?x=1`.
  header_list headers; ///< Names in lower case, in the order sent, duplicates kept.
  std::string body;    ///< De-chunked; empty if there is a stream.
  /// Gives the body, de-chunked, where it hadn't come whole with the head; only with `stream_bodies`. Pulls
  /// may come from any thread. When the client leaves in the middle the end never comes: `responder::on_gone`
  /// tells.
  std::shared_ptr<net::body_source> stream;
  std::optional<uint64_t> body_length; ///< Of a stream: what the client said; nothing if it is chunked.
};

/// An answer. `Content-Length` or `Transfer-Encoding`, `Connection`, `Date` and `Server` are set by the
/// connection (the last two unless the server has no name: see `server_options`); a body is not sent to HEAD,
/// nor with 204 and 304. A header that would break out of its line is dropped. Without a body, an answer to
/// HEAD and a 304 may bring the `Content-Length` of what they stand for.
struct response {
  int status = 200;
  header_list headers;
  std::string body;
};

} // namespace opr::http
