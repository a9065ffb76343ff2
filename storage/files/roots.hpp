#pragma once

#include "core/error.hpp"

#include <string>
#include <vector>

namespace opr::storage {

/// Whether a path lies in one of the folders, wherever the links on its way lead; parts of it may be missing.
/// Blocks. Nobody untrusted may change folders on the way meanwhile.
/// @param roots Absolute paths; none: all paths lie in them.
/// @returns `ec::path_refused` if not, else `ec::none`.
failure roots_fault(const std::string& path, const std::vector<std::string>& roots);

} // namespace opr::storage
