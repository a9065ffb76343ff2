#pragma once

#include "core/result.hpp"
#include "storage/s3/place.hpp"

#include <string>
#include <variant>

namespace opr::storage {

/// Files of this machine.
struct local_place {};

/// Where a storage is.
using place = std::variant<local_place, s3_place>;

/// Reads a storage DSN: `file://localhost`, `local://localhost`, or nothing, which is local as well; or `s3`,
/// `do-spaces`, `backblaze`, `linode`, `wasabi`, see `parse_s3_place`.
/// @returns The place, or `ec::general_argument_invalid` with a message that repeats no secret of the DSN.
result<place> parse_dsn(const std::string& text);

} // namespace opr::storage
