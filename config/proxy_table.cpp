#include "config/proxy_table.hpp"

#include "config/rules.hpp"

namespace opr::config {

using namespace std::chrono_literals;

// clang-format off
std::vector<setting> proxy_rows(proxy_settings& s) {
  return {
    {"env",                  flag{&s.development, "development", "production"}},
    {"address",              text{&s.address, is_ip_address, "an IPv4 or IPv6 address"}},
    {"port",                 number{&s.port, 0, 65535}, /* secret: */ false, {"PORT"}},
    {"secret",               text{&s.secret, is_secret_or_empty,
                                  "a text that neither begins nor ends with a space"},
                             /* secret: */ true},
    {"executor_secret",      text{&s.executor_secret, is_secret_or_empty,
                                  "a text that neither begins nor ends with a space"},
                             /* secret: */ true},
    {"executors",            text_list{&s.executors, is_server,
                                       "host or host:port of servers (names or IP addresses, IPv6 in brackets), or none",
                                       /* may_be_empty: */ true}},
    {"algorithm",            text{&s.algorithm, is_algorithm, "one of round-robin, random, first, last, hash"}},
    {"healthcheck",          flag{&s.healthcheck, "enabled", "disabled"}},
    {"healthcheck_interval", duration{&s.healthcheck_interval, 1ms, 10, 86400000}},
    {"healthcheck_timeout",  duration{&s.healthcheck_timeout, 1ms, 10, 600000}},
    {"healthcheck_url",      text{&s.healthcheck_url, is_http_url_or_empty, "empty or an http://… or https://… address"}},
    {"max_timeout",          duration{&s.max_timeout, 1s, 1, 86400}},
    {"connect_timeout",      duration{&s.connect_timeout, 1ms, 1, 600000}},
    {"connections_state",    text{&s.connections_state, is_state_dsn_or_empty,
                                  "empty, redis://host:port or redis-cluster://[host:port;host:port]"},
                             /* secret: */ true},
    {"max_connections",      number{&s.max_connections, 1, 1000000}},
    {"drain_timeout",        duration{&s.drain_timeout, 1s, 0, 3600}},
    {"log_level",            text{&s.log_level, is_log_level, "one of trace, debug, info, warning, error"}},
    {"logging_provider",     text{&s.logging_provider, is_logging_provider_or_empty,
                                  "empty or one of sentry, appsignal, raygun, logowl"}},
    {"logging_config",       text{&s.logging_config, is_secret_or_empty,
                                  "a text that neither begins nor ends with a space"},
                             /* secret: */ true},
    {"version",              text{&s.version, is_version_or_empty, "empty or at most 64 characters"}},
  };
}
// clang-format on

const variable_names proxy_variables{
    {"OPR_PROXY_", "OPEN_RUNTIMES_PROXY_"},
    {},
    {{"worker_per_core", "this proxy has a thread for each processor by itself"}},
};

} // namespace opr::config
