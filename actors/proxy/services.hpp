#pragma once

#include "actors/proxy/fleet.hpp"
#include "actors/proxy/server_name.hpp"
#include "actors/proxy/state_store.hpp"
#include "core/clock.hpp"
#include "core/fault.hpp"
#include "core/result.hpp"
#include "net/http_client.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace opr {

/// What the operator wants of the actors of the proxy.
struct proxy_policy {
  std::vector<server_name> executors;
  std::string executor_secret; ///< Empty: executors are asked without a key.
  bool healthcheck = true;
  std::chrono::milliseconds interval{10000}; ///< Of health checks, and of the resolution of names.
  std::chrono::milliseconds health_timeout{10000};
  std::chrono::milliseconds connect_timeout{3000};
  std::optional<call_target> call_when_well; ///< After each round of health checks in which all was well.
};

/// Everything outside of the actors of the proxy, so that tests can script it.
struct proxy_services {
  net::http_client& http;
  state_store& store;
  report_fault report;
  /// Finds the addresses of a name; calls back once, from any thread.
  std::function<void(const std::string& host, then<std::vector<std::string>> found)> resolve;
  std::function<time_point()> now;
  proxy_policy policy;
  fleet_board executors;
};
using proxy_services_ptr = std::shared_ptr<proxy_services>;

} // namespace opr
