#pragma once

#include "core/header_list.hpp"

#include <string>

namespace opr::http {

/// A request as it came in, whole.
struct request {
  std::string method;  ///< As sent: `GET`.
  std::string target;  ///< As sent, undecoded: `/v1/runtimes?x=1`.
  header_list headers; ///< Names in lower case, in the order sent, duplicates kept.
  std::string body;    ///< De-chunked.
};

/// An answer. `Content-Length` or `Transfer-Encoding`, `Connection`, `Date` and `Server` are set by the
/// connection; a body is not sent to HEAD, nor with 204 and 304. A header that would break out of its line is
/// dropped. Without a body, an answer to HEAD and a 304 may bring the `Content-Length` of what they stand
/// for.
struct response {
  int status = 200;
  header_list headers;
  std::string body;
};

} // namespace opr::http
