#include "http/api/handling.hpp"

#include "http/api/answer/encode.hpp"
#include "http/api/error_table.hpp"

#include <spdlog/spdlog.h>

namespace opr::http {

namespace {

fault fault_of(const failure& why, const error_row& row, const asked& by) {
  fault made{std::string(row.type),
             why.detail.empty() ? std::string(row.message) : why.detail,
             row.status,
             std::string(by.method),
             std::string(by.route),
             {{"error", std::string(to_string(why.code))}}};
  if (!by.runtime_id.empty())
    made.tags.emplace_back("runtime_id", by.runtime_id);
  return made;
}

} // namespace

response refusal(const failure& why, const api_context& with, const asked& by) {
  if (why.code == ec::general_unknown || why.code == ec::none)
    spdlog::error("a request failed unexpectedly: {}", why.detail);
  if (const auto& row = row_for(why.code); row.status >= 500 && with.report)
    with.report(fault_of(why, row, by));
  return encode_error(why, with.development);
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
