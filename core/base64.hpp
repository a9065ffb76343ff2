#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace opr {

/// RFC 4648, padded.
std::string base64(std::string_view bytes);

/// The same in the alphabet for URLs and file names: `-` and `_` in place of `+` and `/`.
std::string base64_url(std::string_view bytes);

/// The bytes that a text in the first alphabet stands for, padded or not; nothing if it is none.
std::optional<std::string> base64_decoded(std::string_view coded);

} // namespace opr
