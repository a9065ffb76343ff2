#include "http/proxy/answers.hpp"

#include "http/common/json_writer.hpp"

#include <cstdint>
#include <string>

namespace opr::http {

response proxy_error(int status, std::string_view message, std::string_view version) {
  response answer{status,
                  {{"Content-Type", "application/json"},
                   {"Cache-Control", "no-cache, no-store, must-revalidate"},
                   {"Expires", "0"},
                   {"Pragma", "no-cache"}},
                  {}};
  json_writer{answer.body}
      .begin_object()
      .field("message", message)
      .field("code", int64_t{status})
      .field("version", version)
      .end_object();
  if (status == 503)
    answer.headers.push_back({"Retry-After", "1"});
  return answer;
}

} // namespace opr::http
