#pragma once

#include "core/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace opr {

/// A Redis server.
struct redis_address {
  std::string host; ///< IP address or name.
  uint16_t port = 6379;

  friend bool operator==(const redis_address& a, const redis_address& b) noexcept {
    return a.port == b.port && a.host == b.host;
  }
  friend bool operator<(const redis_address& a, const redis_address& b) noexcept {
    return a.host != b.host ? a.host < b.host : a.port < b.port;
  }
};

/// `host:port`, for people.
std::string to_string(const redis_address& where);

/// Where several proxies keep what they share.
struct state_dsn {
  std::vector<redis_address> servers; ///< None: nowhere, each proxy keeps its view to itself.
  bool is_cluster = false;            ///< The servers are some of a cluster's.
  std::string username;               ///< Empty: the default user.
  std::string password;               ///< Empty: no login.
  unsigned database = 0;              ///< Always 0 in a cluster.
};

/// Reads `redis://[[user]:password@]host[:port][/database]`,
/// `redis-cluster://[[user]:password@][h1:p1;h2:p2]` or nothing. User and password may be percent-encoded;
/// IPv6 addresses stand in brackets.
/// @returns `ec::general_argument_invalid` with a message that repeats nothing of the text.
result<state_dsn> parse_state_dsn(std::string_view text);

} // namespace opr
