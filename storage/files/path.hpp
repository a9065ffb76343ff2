#pragma once

#include "core/error.hpp"

#include <optional>
#include <string>

namespace opr::storage {

/// Why a path is not taken (`ec::path_refused`), or nothing if it is: absolute, at most 4095 bytes, no
/// component that is empty, `.` or `..`, no control bytes.
std::optional<failure> path_fault(const std::string& path);

/// The same for the name of a file in a known folder: one such component, of at most 255 bytes.
std::optional<failure> name_fault(const std::string& name);

/// A path that `path_fault` takes, cut at its last slash.
struct split_path {
  std::string folder; ///< `/` for a file in the root.
  std::string name;
};
split_path split(const std::string& path);

} // namespace opr::storage
