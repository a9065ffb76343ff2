#include "http/api/handling.hpp"

#include "http/api/answer/encode.hpp"

#include <spdlog/spdlog.h>

namespace opr::http {

response refusal(const failure& why, bool development) {
  if (why.code == ec::general_unknown || why.code == ec::none)
    spdlog::error("a request failed unexpectedly: {}", why.detail);
  return encode_error(why, development);
}

request_body take_body(request& in) {
  request_body taken{std::move(in.body), {}};
  for (auto& field : in.headers)
    if (field.name == "content-type") {
      taken.type = std::move(field.value);
      break;
    }
  return taken;
}

} // namespace opr::http
