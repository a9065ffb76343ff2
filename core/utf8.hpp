#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace opr {

/// Whether the bytes are well-formed UTF-8 (no overlong forms, surrogates or values past U+10FFFF).
bool is_utf8(std::string_view bytes) noexcept;

/// The bytes with each ill-formed sequence replaced by U+FFFD.
std::string to_utf8(std::string_view bytes);

/// How many bytes at the end are the beginning of a character whose rest is missing: 0 to 3.
std::size_t incomplete_tail(std::string_view bytes) noexcept;

/// The longest prefix of at most `limit` bytes that doesn't end inside a character.
std::string_view cut_utf8(std::string_view bytes, std::size_t limit) noexcept;

} // namespace opr
