#include "reporting/provider.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace opr::reporting {

namespace {

/// What is known of a provider before anything is configured.
struct row {
  provider_kind kind;
  std::string_view name;
  std::string_view host;
  std::string_view path;
};
constexpr std::array rows{
    row{provider_kind::sentry, "sentry", "sentry.io", "/"},
    row{provider_kind::raygun, "raygun", "api.raygun.com", "/"},
    row{provider_kind::appsignal, "appsignal", "appsignal-endpoint.net", "/"},
    row{provider_kind::logowl, "logowl", "api.logowl.io", "/logging/"},
};

constexpr std::size_t longest_text = 255;

failure refuse(const char* rule) { return {ec::general_argument_invalid, rule}; }

const row* row_of(std::string_view name) {
  const auto* found =
      std::find_if(rows.begin(), rows.end(), [&](const row& one) { return one.name == name; });
  return found == rows.end() ? nullptr : found;
}

/// Fit for a header and, with nothing to encode, for a path or a query.
bool is_plain(std::string_view text) {
  return !text.empty() && text.size() <= longest_text && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           std::string_view("-_.~+/=:").find(c) != std::string_view::npos;
  });
}

bool is_number(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// Cuts `text` at the first `mark`. @returns What stood behind it, or nothing.
std::optional<std::string_view> cut_at(std::string_view& text, std::string_view mark) {
  auto at = text.find(mark);
  if (at == std::string_view::npos)
    return std::nullopt;
  auto behind = text.substr(at + mark.size());
  text = text.substr(0, at);
  return behind;
}

/// `host` or `host:port`.
bool take_host(std::string_view text, provider& into) {
  auto port = cut_at(text, ":");
  if (!is_plain(text) || text.find_first_of("/=+~") != std::string_view::npos)
    return false;
  into.host = text;
  if (!port)
    return true;
  auto [end, why] = std::from_chars(port->data(), port->data() + port->size(), into.port);
  return why == std::errc{} && end == port->data() + port->size() && into.port != 0;
}

bool take_path(std::string_view text, provider& into) {
  if (text.empty())
    return true;
  if (!is_plain(text))
    return false;
  into.path = "/" + std::string(text);
  if (into.path.back() != '/')
    into.path += '/';
  return true;
}

bool take_sentry(std::string_view login, std::string_view path, provider& into) {
  if (auto key = cut_at(login, ":")) {
    into.project = login;
    into.key = *key;
    return take_path(path, into);
  }
  into.key = login;
  while (!path.empty() && path.back() == '/')
    path.remove_suffix(1);
  auto slash = path.rfind('/');
  into.project = path.substr(slash == std::string_view::npos ? 0 : slash + 1);
  return take_path(slash == std::string_view::npos ? "" : path.substr(0, slash), into);
}

/// Key and project, checked last because they come from everywhere.
result<std::optional<provider>> checked(provider&& made) {
  if (!is_plain(made.key))
    return refuse("the logging provider's key is 1 to 255 of A-Z a-z 0-9 - _ . ~ + / = :");
  if (made.kind == provider_kind::sentry &&
      (!is_plain(made.project) || made.project.find('/') != std::string::npos))
    return refuse("Sentry needs a project: sentry://PROJECT:KEY@host or sentry://KEY@host/PROJECT");
  return std::optional(std::move(made));
}

result<std::optional<provider>> parse_dsn(const row& known, std::string_view text, bool tls) {
  provider made{known.kind, {}, {}, std::string(known.host), 443, tls, std::string(known.path)};
  if (auto query = cut_at(text, "?")) {
    if (*query != "insecure=true" && *query != "insecure=false")
      return refuse("behind the ? of a logging DSN only insecure=true may stand");
    made.tls = tls && *query == "insecure=false";
  }
  if (!made.tls)
    made.port = 80;
  auto at = text.rfind('@');
  if (at == std::string_view::npos) {
    if (known.kind != provider_kind::raygun && known.kind != provider_kind::appsignal)
      return refuse("a logging DSN names its key before an @ and a host behind it");
    made.key = text;
    return checked(std::move(made));
  }
  auto login = text.substr(0, at);
  text.remove_prefix(at + 1);
  auto path = cut_at(text, "/").value_or("");
  if (!take_host(text, made))
    return refuse("the host of a logging DSN is host or host:port");
  if (known.kind == provider_kind::sentry ? !take_sentry(login, path, made) : !take_path(path, made))
    return refuse("the path of a logging DSN consists of A-Z a-z 0-9 - _ . ~ + / = :");
  if (known.kind != provider_kind::sentry)
    made.key = login;
  return checked(std::move(made));
}

result<std::optional<provider>> parse_older(const row& known, std::string_view text) {
  provider made{known.kind, {}, {}, std::string(known.host), 443, true, std::string(known.path)};
  auto project = cut_at(text, ";").value_or("");
  made.key = text;
  if (known.kind == provider_kind::sentry) {
    made.project = project;
    // Written both ways in the field; keys are no numbers.
    if (is_number(made.key) && !is_number(made.project))
      std::swap(made.key, made.project);
  }
  return checked(std::move(made));
}

} // namespace

std::string_view to_string(provider_kind kind) noexcept { return rows[static_cast<std::size_t>(kind)].name; }

result<std::optional<provider>> parse_provider(std::string_view name, std::string_view config) {
  if (config.empty())
    return std::optional<provider>();
  auto scheme = config;
  auto behind = cut_at(scheme, "://");
  if (behind && (scheme == "https" || scheme == "http")) {
    if (!name.empty() && name != "sentry")
      return refuse("a logging DSN that begins with http is Sentry's");
    return parse_dsn(rows.front(), *behind, scheme == "https");
  }
  const auto* known = row_of(behind ? scheme : name);
  if (known == nullptr)
    return refuse("the logging provider is one of sentry, raygun, appsignal, logowl, named by "
                  "logging_provider or by the "
                  "scheme of logging_config");
  return behind ? parse_dsn(*known, *behind, true) : parse_older(*known, config);
}

} // namespace opr::reporting
