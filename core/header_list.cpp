#include "core/header_list.hpp"

#include <algorithm>

namespace opr {

namespace {

char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

} // namespace

bool same_header(std::string_view a, std::string_view b) noexcept {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return lower(x) == lower(y); });
}

const std::string* find_header(const header_list& fields, std::string_view name) noexcept {
  for (const auto& field : fields)
    if (same_header(field.name, name))
      return &field.value;
  return nullptr;
}

} // namespace opr
