#include "http/common/authorization.hpp"

#include "core/header_list.hpp"

#include <cstddef>

namespace opr::http {

namespace {

constexpr std::string_view scheme = "Bearer ";

/// Every byte of `given` is looked at; only its length can be told from the time.
bool same(std::string_view given, std::string_view secret) noexcept {
  auto differs = static_cast<unsigned>(given.size() != secret.size());
  for (std::size_t i = 0; i < given.size(); ++i)
    differs |= static_cast<unsigned char>(given[i]) ^ static_cast<unsigned char>(secret[i % secret.size()]);
  return differs == 0;
}

} // namespace

bool is_authorised(std::string_view header, std::string_view secret) noexcept {
  if (secret.empty() || header.size() <= scheme.size() ||
      !same_header(header.substr(0, scheme.size()), scheme))
    return false;
  return same(header.substr(scheme.size()), secret);
}

} // namespace opr::http
