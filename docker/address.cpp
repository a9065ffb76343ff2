#include "docker/http_engine.hpp"

#include <charconv>
#include <string_view>

namespace opr::docker {

namespace {

constexpr std::string_view unix_scheme = "unix://";
constexpr std::string_view tcp_scheme = "tcp://";

bool starts_with(std::string_view text, std::string_view prefix) noexcept {
  return text.substr(0, prefix.size()) == prefix;
}

/// `host:port` with an optional slash behind; an IPv6 address stands in brackets.
bool read_host_and_port(std::string_view text, net::address& into) {
  if (!text.empty() && text.back() == '/')
    text.remove_suffix(1);
  auto colon = text.rfind(':');
  if (colon == std::string_view::npos || colon == 0)
    return false;
  auto host = text.substr(0, colon);
  bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (bracketed)
    host = host.substr(1, host.size() - 2);
  if (host.find_first_of(bracketed ? "/@[]" : "/@[]:") != std::string_view::npos)
    return false;
  auto port = text.substr(colon + 1);
  auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), into.port);
  into.host = host;
  return error == std::errc{} && end == port.data() + port.size() && into.port != 0;
}

} // namespace

result<net::address> parse_docker_host(const std::string& text) {
  net::address where;
  if (starts_with(text, unix_scheme)) {
    where.unix_path = text.substr(unix_scheme.size());
    if (where.unix_path.size() > 1 && where.unix_path.front() == '/')
      return where;
  } else if (starts_with(text, tcp_scheme)) {
    if (read_host_and_port(std::string_view(text).substr(tcp_scheme.size()), where))
      return where;
  }
  return {ec::general_argument_invalid,
          "the Docker host must be unix:///path/of/socket or tcp://host:port, not '" + text + "'"};
}

} // namespace opr::docker
