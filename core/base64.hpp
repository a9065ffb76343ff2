#pragma once

#include <string>
#include <string_view>

namespace opr {

/// RFC 4648, padded.
std::string base64(std::string_view bytes);

/// The same in the alphabet for URLs and file names: `-` and `_` in place of `+` and `/`.
std::string base64_url(std::string_view bytes);

} // namespace opr
