#pragma once

#include <string_view>

namespace opr::http {

/// Whether a text may be a header's name (RFC 9110, section 5.6.2).
bool is_token(std::string_view text) noexcept;

/// Whether a text may be a header's value: no control characters but the tab.
bool is_field_value(std::string_view text) noexcept;

/// The text without blanks and tabs at its ends.
std::string_view trimmed(std::string_view text) noexcept;

} // namespace opr::http
