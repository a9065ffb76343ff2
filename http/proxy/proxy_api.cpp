#include "http/proxy/proxy_api.hpp"

#include "http/common/authorization.hpp"
#include "http/proxy/answers.hpp"
#include "http/proxy/broadcast.hpp"
#include "http/proxy/forward.hpp"
#include "http/proxy/health.hpp"
#include "http/proxy/routing_fields.hpp"

#include <string_view>
#include <utility>

namespace opr::http {

namespace {

bool is_health(const request& in) {
  std::string_view target = in.target;
  return target.substr(0, target.find('?')) == "/v1/proxy/health";
}

bool has_key(const request& in, const std::string& secret) {
  const auto* header = find_header(in.headers, "authorization");
  return header != nullptr && is_authorised(*header, secret);
}

response health(const proxy_context& with, const request& in) {
  if (in.method == "GET" || in.method == "HEAD")
    return proxy_health(with, in, has_key(in, with.secret));
  auto answer = proxy_error(405, "Method Not Allowed", with.version);
  answer.headers.push_back({"Allow", "GET, HEAD"});
  return answer;
}

} // namespace

void handle_proxied(const proxy_context_ptr& with, request&& in, responder out) {
  if (is_health(in))
    return out.send(health(*with, in));
  if (!has_key(in, with->secret))
    return out.send(proxy_error(401, "Incorrect proxy key.", with->version));
  auto fields = read_routing_fields(in.headers);
  if (!fields)
    return out.send(proxy_error(400, fields.error().detail, with->version));
  if (fields->method == addressing::broadcast)
    return broadcast(with, std::move(in), std::move(out), std::move(*fields));
  forward(with, std::move(in), std::move(out), std::move(*fields));
}

} // namespace opr::http
