#pragma once

#include "core/error.hpp"

#include <string>

namespace opr::storage {

/// What a failed system call on a file that should be written means: `storage_full`, `path_refused` (a link,
/// a name too long, a name that is taken) or `storage_failed`.
/// @param error Its errno.
/// @param path The file, for people.
failure write_fault(int error, const std::string& path);

/// The same for a file that should be read; one that isn't there is `source_not_found`.
failure read_fault(int error, const std::string& path);

} // namespace opr::storage
