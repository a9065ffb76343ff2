#include "docker/logins.hpp"

#include "core/base64.hpp"
#include "docker/wire/json.hpp"

#include <algorithm>

namespace opr::docker {

namespace {

/// `user:password` in base64.
bool read_auth(const std::string& coded, registry_login& into) {
  auto plain = base64_decoded(coded);
  auto colon = plain ? plain->find(':') : std::string::npos;
  if (colon == std::string::npos || colon == 0)
    return false;
  into.username = plain->substr(0, colon);
  into.password = plain->substr(colon + 1);
  return true;
}

} // namespace

std::string registry_host(std::string_view written) {
  if (auto scheme = written.find("://"); scheme != std::string_view::npos)
    written.remove_prefix(scheme + 3);
  auto host = written.substr(0, written.find('/'));
  return std::string(host == "index.docker.io" || host == "registry-1.docker.io" ? "docker.io" : host);
}

registry_login login_for(const std::vector<registry_login>& known, std::string_view host) {
  auto found = std::find_if(known.begin(), known.end(), [&](const registry_login& one) {
    return registry_host(one.registry) == host && !one.username.empty();
  });
  return found == known.end() ? registry_login{} : *found;
}

result<registry_login> read_login(std::string_view text) {
  auto equals = text.find('=');
  auto colon = equals == std::string_view::npos ? equals : text.find(':', equals);
  if (colon == std::string_view::npos || equals == 0 || colon == equals + 1 || colon + 1 == text.size())
    return {ec::general_argument_invalid, "a registry's login must be HOST=USER:PASSWORD"};
  return registry_login{std::string(text.substr(0, equals)),
                        std::string(text.substr(equals + 1, colon - equals - 1)),
                        std::string(text.substr(colon + 1))};
}

result<std::vector<registry_login>> read_docker_config(std::string_view text) {
  rapidjson::Document document;
  if (!json::parse(document, text) || !document.IsObject())
    return {ec::general_argument_invalid, "is no JSON object"};
  std::vector<registry_login> out;
  const auto* auths = json::find(document, "auths");
  if (auths == nullptr)
    return out;
  if (!auths->IsObject())
    return {ec::general_argument_invalid, "has an `auths` that is no object"};
  for (const auto& one : auths->GetObject()) {
    registry_login login{{one.name.GetString(), one.name.GetStringLength()}, {}, {}};
    std::string auth;
    if (json::read(one.value, "auth", auth) && !auth.empty() && !read_auth(auth, login))
      return {ec::general_argument_invalid, "has an `auth` that is no USER:PASSWORD in base64"};
    json::read(one.value, "username", login.username);
    json::read(one.value, "password", login.password);
    if (!login.username.empty())
      out.push_back(std::move(login));
  }
  return out;
}

} // namespace opr::docker
