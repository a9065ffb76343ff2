#pragma once

#include "net/http_client.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace opr {

/// `host` or `host:port` of the settings, taken apart.
struct server_name {
  std::string text; ///< As it was written: the server's name.
  std::string host; ///< Without the brackets of an IPv6 address.
  uint16_t port = 80;

  bool is_address() const; ///< Not a name to be resolved.
};

/// @param text Checked already, see `config::is_server`.
server_name parse_server(std::string_view text, uint16_t default_port = 80);

/// A URL to be called.
struct call_target {
  server_name server;
  std::string path; ///< With its query; begins with `/`.
  bool tls = false;
};

/// @param url Checked already, see `config::is_http_url_or_empty`. Nothing for an empty one.
std::optional<call_target> parse_url(std::string_view url);

/// An address and port as a name: `10.0.0.1:80`, `[::1]:80`.
std::string name_of(std::string_view address, uint16_t port);

/// The addresses of a name that stand for servers of their own: IPv4 ones if there are any, since a server
/// that listens on both has one of each; in order, none twice.
std::vector<std::string> distinct_servers(std::vector<std::string> addresses);

} // namespace opr
