#pragma once

#include "core/result.hpp"

#include <string>
#include <string_view>

namespace opr::storage {

/// Writes all of it. @param path For the failure's text.
result<done> write_all(int to, std::string_view bytes, const std::string& path);

} // namespace opr::storage
