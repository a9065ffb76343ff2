#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace opr::config {

/// Everything about a proxy that an operator may set; `proxy.yaml` explains each field. The setting is called
/// as the field is unless a comment names it.
struct proxy_settings {
  bool development = false; ///< `env`: development | production
  std::string address = "0.0.0.0";
  uint16_t port = 9800;               ///< 0: any free one.
  std::string secret;                 ///< Empty: nobody is authorised.
  std::string executor_secret;        ///< What executors are sent instead.
  std::vector<std::string> executors; ///< `host` or `host:port`.
  std::string algorithm = "random";   ///< round-robin, random, first, last, hash
  bool healthcheck = true;            ///< enabled | disabled
  std::chrono::milliseconds healthcheck_interval{10000};
  std::chrono::milliseconds healthcheck_timeout{10000};
  std::string healthcheck_url; ///< Empty: nobody is told.
  std::chrono::milliseconds max_timeout{600000};
  std::chrono::milliseconds connect_timeout{3000};
  std::string connections_state; ///< A DSN; empty: in memory.
  unsigned max_connections = 10000;
  std::chrono::milliseconds drain_timeout{30000}; ///< Requests in flight get this long after SIGTERM.
  std::string log_level = "info";                 ///< trace, debug, info, warning, error
  std::string logging_provider;                   ///< Where errors are reported; empty: nowhere.
  std::string logging_config;                     ///< The provider's DSN or key.
  std::string version;                            ///< What error answers say; empty: this program's own.
};

} // namespace opr::config
