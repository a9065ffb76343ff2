#include "config/rules.hpp"

#include "config/older_storage.hpp"
#include "config/setting.hpp"
#include "core/image_reference.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <charconv>
#include <string>
#include <sys/un.h>

namespace opr::config {

namespace {

constexpr std::size_t longest_socket_path = sizeof(sockaddr_un::sun_path) - 1;

bool starts_with(std::string_view text, std::string_view prefix) {
  return text.substr(0, prefix.size()) == prefix;
}

bool is_alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_name(std::string_view text, std::size_t longest) {
  return !text.empty() && text.size() <= longest && is_alphanumeric(text.front()) &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return is_alphanumeric(c) || c == '_' || c == '.' || c == '-'; });
}

bool is_port(std::string_view digits) {
  unsigned value = 0;
  auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return error == std::errc{} && end == digits.data() + digits.size() && value >= 1 && value <= 65535;
}

bool is_literal(int family, std::string_view text) {
  in6_addr any;
  return inet_pton(family, std::string(text).c_str(), &any) == 1;
}

bool is_host(std::string_view text) {
  if (text.size() > 2 && text.front() == '[' && text.back() == ']')
    return is_literal(AF_INET6, text.substr(1, text.size() - 2));
  return is_name(text, 253);
}

bool is_host_and_port(std::string_view text) {
  auto colon = text.rfind(':');
  return colon != std::string_view::npos && is_port(text.substr(colon + 1)) && is_host(text.substr(0, colon));
}

} // namespace

bool is_ip_address(std::string_view text) { return is_literal(AF_INET, text) || is_literal(AF_INET6, text); }

bool is_hostname(std::string_view text) { return is_name(text, 63); }

bool is_hostname_or_empty(std::string_view text) { return text.empty() || is_hostname(text); }

bool is_network_name(std::string_view text) { return is_name(text, std::string_view::npos); }

bool is_docker_host(std::string_view text) {
  constexpr std::string_view local = "unix://";
  constexpr std::string_view remote = "tcp://";
  if (starts_with(text, remote))
    return is_host_and_port(text.substr(remote.size()));
  auto path = starts_with(text, local) ? text.substr(local.size()) : std::string_view{};
  return path.size() > 1 && path.front() == '/' && path.size() <= longest_socket_path;
}

bool is_secret_or_empty(std::string_view text) {
  return text.empty() || (text.front() != ' ' && text.back() != ' ');
}

bool is_image(std::string_view text) { return parse_image_reference(text).has_value(); }

bool is_image_pattern(std::string_view text) {
  auto fits = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           std::string_view("._/:@-*").find(c) != std::string_view::npos;
  };
  return !text.empty() && std::all_of(text.begin(), text.end(), fits);
}

bool is_registry_login(std::string_view text) {
  auto equals = text.find('=');
  auto colon = equals == std::string_view::npos ? equals : text.find(':', equals);
  return colon != std::string_view::npos && equals != 0 && colon != equals + 1 && colon + 1 != text.size();
}

bool is_path_or_empty(std::string_view text) { return text.empty() || text.front() == '/'; }

bool is_image_pull(std::string_view text) {
  constexpr std::array<std::string_view, 5> policies{"missing", "always", "enabled", "disabled", "never"};
  return std::find(policies.begin(), policies.end(), text) != policies.end();
}

bool is_runtime_version(std::string_view text) {
  return text == "v2" || text == "v3" || text == "v4" || text == "v5";
}

bool is_storage_dsn_or_empty(std::string_view text) {
  if (text.empty() || starts_with(text, "file://") || starts_with(text, "local://"))
    return true;
  constexpr std::array<std::string_view, 5> buckets{"s3://", "do-spaces://", "backblaze://", "linode://",
                                                    "wasabi://"};
  return std::any_of(buckets.begin(), buckets.end(),
                     [&](auto scheme) { return starts_with(text, scheme); }) &&
         text.find('@') != std::string_view::npos && text.find(mask) == std::string_view::npos;
}

std::string masked_dsn(std::string_view text) {
  auto login = text.find("://");
  if (login == std::string_view::npos)
    return std::string(text);
  login += 3;
  auto at = text.substr(0, text.find('?')).rfind('@');
  auto colon = text.find(':', login);
  if (at == std::string_view::npos || colon == std::string_view::npos || colon > at)
    return std::string(text);
  return std::string(text.substr(0, colon + 1)) + std::string(mask) + std::string(text.substr(at));
}

bool is_storage_device_or_empty(std::string_view text) { return text.empty() || is_storage_device(text); }

bool is_data_dir(std::string_view text) {
  if (text.empty() || text.front() != '/' || text.find(':') != std::string_view::npos)
    return false;
  while (!text.empty()) {
    auto slash = std::min(text.find('/'), text.size());
    auto part = text.substr(0, slash);
    if (part == "." || part == "..")
      return false;
    text.remove_prefix(std::min(slash + 1, text.size()));
  }
  return true;
}

bool is_log_level(std::string_view text) {
  constexpr std::array<std::string_view, 5> levels{"trace", "debug", "info", "warning", "error"};
  return std::find(levels.begin(), levels.end(), text) != levels.end();
}

bool is_logging_provider_or_empty(std::string_view text) {
  constexpr std::array<std::string_view, 5> providers{"", "sentry", "appsignal", "raygun", "logowl"};
  return std::find(providers.begin(), providers.end(), text) != providers.end();
}

bool is_algorithm(std::string_view text) {
  constexpr std::array<std::string_view, 5> algorithms{"round-robin", "random", "first", "last", "hash"};
  return std::find(algorithms.begin(), algorithms.end(), text) != algorithms.end();
}

bool is_server(std::string_view text) { return is_host(text) || is_host_and_port(text); }

bool is_http_url_or_empty(std::string_view text) {
  if (text.empty())
    return true;
  auto scheme = text.find("://");
  if (scheme == std::string_view::npos ||
      (text.substr(0, scheme) != "http" && text.substr(0, scheme) != "https"))
    return false;
  auto rest = text.substr(scheme + 3);
  auto is_plain = [](char c) { return c > 0x20 && c < 0x7f; };
  return std::all_of(rest.begin(), rest.end(), is_plain) &&
         is_server(rest.substr(0, rest.find_first_of("/?#")));
}

bool is_state_dsn_or_empty(std::string_view text) {
  return text.empty() || starts_with(text, "redis://") || starts_with(text, "redis-cluster://");
}

bool is_version_or_empty(std::string_view text) { return text.size() <= 64; }

} // namespace opr::config
