#pragma once

#include "core/result.hpp"

#include <cstdint>
#include <string>

namespace opr::storage {

/// Where the storage is.
enum class device_kind : uint8_t { local };

/// Reads a storage DSN: `file://localhost`, `local://localhost`, or nothing, which is local as well.
/// @returns The kind, or `ec::general_argument_invalid` with a message that repeats no secret of the DSN.
result<device_kind> parse_dsn(const std::string& text);

} // namespace opr::storage
