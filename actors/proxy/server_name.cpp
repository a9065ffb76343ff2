#include "actors/proxy/server_name.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <charconv>
#include <utility>

namespace opr {

namespace {

bool is_v6(std::string_view address) { return address.find(':') != std::string_view::npos; }

} // namespace

bool server_name::is_address() const {
  in6_addr any{};
  return inet_pton(AF_INET, host.c_str(), &any) == 1 || inet_pton(AF_INET6, host.c_str(), &any) == 1;
}

server_name parse_server(std::string_view text, uint16_t default_port) {
  server_name made{std::string(text), {}, default_port};
  auto host = text;
  auto colon = text.rfind(':');
  if (colon != std::string_view::npos && text.back() != ']') {
    std::from_chars(text.data() + colon + 1, text.data() + text.size(), made.port);
    host = text.substr(0, colon);
  }
  if (!host.empty() && host.front() == '[')
    host = host.substr(1, host.size() - 2);
  made.host = host;
  return made;
}

std::optional<call_target> parse_url(std::string_view url) {
  if (url.empty())
    return std::nullopt;
  constexpr std::string_view secure = "https://";
  const bool tls = url.substr(0, secure.size()) == secure;
  auto rest = url.substr(url.find("://") + 3);
  auto end = std::min(rest.find_first_of("/?#"), rest.size());
  std::string path{rest.substr(end, rest.find('#') - end)};
  if (path.empty() || path.front() != '/')
    path.insert(0, "/");
  return call_target{parse_server(rest.substr(0, end), tls ? 443 : 80), std::move(path), tls};
}

std::string name_of(std::string_view address, uint16_t port) {
  auto host = is_v6(address) ? "[" + std::string(address) + "]" : std::string(address);
  return host + ":" + std::to_string(port);
}

std::vector<std::string> distinct_servers(std::vector<std::string> addresses) {
  auto first_v6 =
      std::stable_partition(addresses.begin(), addresses.end(), [](const auto& a) { return !is_v6(a); });
  if (first_v6 != addresses.begin())
    addresses.erase(first_v6, addresses.end());
  std::sort(addresses.begin(), addresses.end());
  addresses.erase(std::unique(addresses.begin(), addresses.end()), addresses.end());
  return addresses;
}

} // namespace opr
