#include "http/proxy/health.hpp"

#include "http/common/json_writer.hpp"

#include <cstdint>
#include <string>

namespace opr::http {

namespace {

bool wants_json(const request& in) {
  constexpr std::string_view json = "application/json";
  const auto* accept = find_header(in.headers, "accept");
  return accept != nullptr && same_header(accept->substr(0, json.size()), json);
}

std::string_view status_of(const node_link& link) {
  if (!link.reachable)
    return "unreachable";
  return link.online ? "online" : "offline";
}

} // namespace

response proxy_health(const proxy_context& with, const request& in, bool has_key) {
  if (!has_key || !wants_json(in))
    return {200, {{"Content-Type", "text/plain"}}, "OK"};
  response answer{200, {{"Content-Type", "application/json"}}, {}};
  json_writer out{answer.body};
  out.begin_object().field("status", "pass").key("executors").begin_object();
  auto executors = with.with->executors.read();
  for (const auto& one : *executors)
    out.key(one.link->name)
        .begin_object()
        .field("status", status_of(*one.link))
        .field("usage", one.link->usage.load())
        .field("inFlight", int64_t{one.link->in_flight})
        .field("runtimes", static_cast<int64_t>(one.link->runtimes.all().size()))
        .end_object();
  auto trouble = with.with->store.trouble();
  out.end_object().key("state").begin_object().field("status", trouble.empty() ? "pass" : "fail");
  if (!trouble.empty())
    out.field("message", trouble);
  out.end_object().end_object();
  return answer;
}

} // namespace opr::http
