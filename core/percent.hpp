#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace opr {

/// Writes every byte as `%XX` but RFC 3986's unreserved characters, A-Z a-z 0-9 - . _ ~, and those in `kept`.
std::string percent_encoded(std::string_view text, std::string_view kept = {});

/// Undoes it; a `+` stays one. Nothing if a `%` isn't followed by two hex digits.
std::optional<std::string> percent_decoded(std::string_view text);

} // namespace opr
