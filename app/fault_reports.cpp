#include "app/fault_reports.hpp"

#include "reporting/provider.hpp"
#include "reporting/reporter.hpp"

#include <spdlog/spdlog.h>

#include <string_view>
#include <utility>

namespace opr::app {

result<report_fault> start_fault_reports(net::io_threads& io, net::http_client& http,
                                         const std::string& provider, const std::string& config,
                                         reporting::origin from) {
  auto to = reporting::parse_provider(provider, config);
  if (!to)
    return failure{to.error().code, "logging_config: " + to.error().detail};
  if (!*to)
    return report_fault([](const fault&) {});
  spdlog::info("{} reports faults to {} at {}", from.program, reporting::to_string((*to)->kind), (*to)->host);
  from.secrets.push_back(config);
  return reporting::start_reporting(io, http, std::move(**to), std::move(from));
}

std::string password_of(const std::string& dsn) {
  constexpr std::string_view mark = "://";
  auto begin = dsn.find(mark);
  auto end = dsn.rfind('@');
  if (begin == std::string::npos || end == std::string::npos || begin + mark.size() >= end)
    return {};
  auto login = dsn.substr(begin + mark.size(), end - begin - mark.size());
  return login.substr(login.find(':') + 1);
}

} // namespace opr::app
