#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace opr {

/// One HTTP header field.
struct header_field {
  std::string name;
  std::string value;
};

/// Header fields in the order in which they came; a name may occur several times.
using header_list = std::vector<header_field>;

/// Whether two header names are the same, ASCII case ignored.
bool same_header(std::string_view a, std::string_view b) noexcept;

/// The value of the first field of that name, or nullptr. Valid as long as the list is not changed.
const std::string* find_header(const header_list& fields, std::string_view name) noexcept;

} // namespace opr
