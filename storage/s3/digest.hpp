#pragma once

#include <string>
#include <string_view>

namespace opr::storage {

/// Lower-case hex digits of bytes.
std::string hex(std::string_view bytes);

std::string sha256(std::string_view text); ///< 32 bytes.
/// 32 bytes.
std::string hmac_sha256(std::string_view key, std::string_view text);

} // namespace opr::storage
