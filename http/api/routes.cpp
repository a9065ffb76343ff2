#include "http/api/routes.hpp"

#include "http/api/decode.hpp"

#include <array>

namespace opr::http {

namespace {

struct route_row {
  std::string_view method;
  std::string_view path; ///< `{}` stands for a runtime's id.
  endpoint to;
};

constexpr std::array route_table{
    route_row{"GET", "/livez", endpoint::live},
    route_row{"GET", "/readyz", endpoint::ready},
    route_row{"GET", "/v1/health", endpoint::health},
    route_row{"POST", "/v1/runtimes", endpoint::create_runtime},
    route_row{"GET", "/v1/runtimes", endpoint::list_runtimes},
    route_row{"GET", "/v1/runtimes/{}", endpoint::get_runtime},
    route_row{"DELETE", "/v1/runtimes/{}", endpoint::delete_runtime},
    route_row{"POST", "/v1/runtimes/{}/executions", endpoint::create_execution},
    route_row{"POST", "/v1/runtimes/{}/execution", endpoint::create_execution},
    route_row{"POST", "/v1/execution", endpoint::create_first_execution},
    route_row{"POST", "/v1/runtimes/{}/commands", endpoint::run_command},
    route_row{"GET", "/v1/runtimes/{}/logs", endpoint::follow_log},
};

std::string_view path_of(std::string_view target) {
  auto path = target.substr(0, target.find_first_of("?#"));
  if (path.size() > 1 && path.back() == '/')
    path.remove_suffix(1);
  return path;
}

/// Whether the path fits the pattern; `id` is what stands where `{}` does.
bool fits(std::string_view path, std::string_view pattern, std::string_view& id) {
  auto hole = pattern.find("{}");
  if (hole == std::string_view::npos)
    return path == pattern;
  auto after = pattern.substr(hole + 2);
  if (path.size() < hole + after.size() + 1 || path.substr(0, hole) != pattern.substr(0, hole) ||
      path.substr(path.size() - after.size()) != after)
    return false;
  id = path.substr(hole, path.size() - hole - after.size());
  return id.find('/') == std::string_view::npos;
}

} // namespace

matched_route match_route(std::string_view method, std::string_view target) {
  auto path = path_of(target);
  matched_route found;
  for (const auto& row : route_table) {
    std::string_view id;
    if (!fits(path, row.path, id))
      continue;
    if (row.method != method && !(row.method == "GET" && method == "HEAD")) {
      found.to = endpoint::other_method;
      found.allow += (found.allow.empty() ? "" : ", ") + std::string(row.method);
      continue;
    }
    if (!id.empty() && !is_runtime_id(id))
      return {endpoint::invalid_runtime_id, {}, {}};
    return {row.to, std::string{id}, {}};
  }
  return found;
}

bool is_work(endpoint to) noexcept {
  switch (to) {
  case endpoint::create_runtime:
  case endpoint::delete_runtime:
  case endpoint::create_execution:
  case endpoint::create_first_execution:
  case endpoint::run_command:
  case endpoint::follow_log:
    return true;
  default:
    return false;
  }
}

bool needs_key(std::string_view target) {
  auto path = path_of(target);
  return path.substr(0, 12) == "/v1/runtimes" || path.substr(0, 13) == "/v1/execution";
}

} // namespace opr::http
