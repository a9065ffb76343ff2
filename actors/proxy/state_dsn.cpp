#include "actors/proxy/state_dsn.hpp"

#include "core/percent.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace opr {

namespace {

constexpr std::string_view single_scheme = "redis://";
constexpr std::string_view cluster_scheme = "redis-cluster://";
constexpr std::size_t longest_name = 253; // of a host in the DNS
constexpr std::size_t most_servers = 64;

failure refuse(const char* rule) { return {ec::general_argument_invalid, rule}; }

bool starts_with(std::string_view text, std::string_view with) { return text.substr(0, with.size()) == with; }

template <class Number>
std::optional<Number> number(std::string_view text) {
  Number value{};
  auto [end, why] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || why != std::errc{} || end != text.data() + text.size())
    return std::nullopt;
  return value;
}

/// Without a byte that is zero.
std::optional<std::string> decoded(std::string_view text) {
  auto plain = percent_decoded(text);
  return plain && plain->find('\0') == std::string::npos ? plain : std::nullopt;
}

bool is_host(std::string_view text) {
  auto may_stand = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' ||
           c == '-' || c == '_' || c == ':' || c == '%';
  };
  return !text.empty() && text.size() <= longest_name && std::all_of(text.begin(), text.end(), may_stand);
}

/// `host`, `host:port`, `[v6]` or `[v6]:port`.
std::optional<redis_address> parse_address(std::string_view text) {
  redis_address where;
  auto host = text;
  std::string_view port;
  if (starts_with(text, "[")) {
    auto end = text.find(']');
    if (end == std::string_view::npos)
      return std::nullopt;
    host = text.substr(1, end - 1);
    port = text.substr(end + 1);
  } else if (auto colon = text.find(':'); colon != std::string_view::npos) {
    host = text.substr(0, colon);
    port = text.substr(colon);
    if (port.find(':', 1) != std::string_view::npos)
      return std::nullopt;
  }
  if (!is_host(host))
    return std::nullopt;
  where.host = host;
  if (port.empty())
    return where;
  auto read = port.front() == ':' ? number<uint16_t>(port.substr(1)) : std::nullopt;
  if (!read || *read == 0)
    return std::nullopt;
  where.port = *read;
  return where;
}

/// Takes `[user]:password@` off the front. @returns Whether what stood there, if anything, is a login.
bool take_login(std::string_view& text, state_dsn& into) {
  auto at = text.rfind('@');
  if (at == std::string_view::npos)
    return true;
  auto login = text.substr(0, at);
  text.remove_prefix(at + 1);
  auto colon = login.find(':');
  if (colon == std::string_view::npos)
    return false;
  auto user = decoded(login.substr(0, colon));
  auto password = decoded(login.substr(colon + 1));
  if (!user || !password || password->empty())
    return false;
  into.username = std::move(*user);
  into.password = std::move(*password);
  return true;
}

result<state_dsn> parse_single(std::string_view text, state_dsn read) {
  if (auto slash = text.find('/'); slash != std::string_view::npos) {
    auto database = text.substr(slash + 1);
    auto chosen = database.empty() ? 0 : number<uint16_t>(database);
    if (!chosen)
      return refuse("after the host of a redis:// address only /database may follow, a number");
    read.database = *chosen;
    text = text.substr(0, slash);
  }
  auto where = parse_address(text);
  if (!where)
    return refuse("a redis:// address names a host, or host:port with a port from 1 to 65535");
  read.servers.push_back(std::move(*where));
  return read;
}

result<state_dsn> parse_cluster(std::string_view text, state_dsn read) {
  read.is_cluster = true;
  if (!starts_with(text, "[") || text.back() != ']')
    return refuse("the servers of a redis-cluster:// address stand in brackets: [host:port;host:port]");
  text = text.substr(1, text.size() - 2);
  while (true) {
    auto end = std::min(text.find_first_of(";,"), text.size());
    auto where = parse_address(text.substr(0, end));
    if (!where || read.servers.size() == most_servers)
      return refuse("a redis-cluster:// address names 1 to 64 servers as host:port, with ';' between them");
    read.servers.push_back(std::move(*where));
    if (end == text.size())
      return read;
    text.remove_prefix(end + 1);
  }
}

} // namespace

std::string to_string(const redis_address& where) {
  auto host = where.host.find(':') == std::string::npos ? where.host : "[" + where.host + "]";
  return host + ":" + std::to_string(where.port);
}

result<state_dsn> parse_state_dsn(std::string_view text) {
  state_dsn read;
  if (text.empty())
    return read;
  auto is_single = starts_with(text, single_scheme);
  if (!is_single && !starts_with(text, cluster_scheme))
    return refuse("the shared state is empty, redis://host:port or redis-cluster://[host:port;host:port]");
  text.remove_prefix(is_single ? single_scheme.size() : cluster_scheme.size());
  if (!take_login(text, read))
    return refuse("the login of a redis address is user:password or :password, percent-encoded");
  return is_single ? parse_single(text, std::move(read)) : parse_cluster(text, std::move(read));
}

} // namespace opr
