#pragma once

#include "core/result.hpp"
#include "storage/files/descriptor.hpp"

#include <cstdint>
#include <string>

namespace opr::storage {

/// A regular file, open for reading.
struct open_file {
  descriptor fd;
  uint64_t size = 0; ///< When it was opened.
};

/// Opens a regular file and nothing else: never through a link, never touching a device, never waiting for a
/// FIFO. Untrusted code may have made the file, and go on changing its folder, but not the folders above.
/// @returns The file; or `source_not_found`, `path_refused` (a link, a folder, something special),
/// `storage_failed`.
result<open_file> open_regular(const std::string& path);
/// The same for a name in an open folder. @param path For the failure's text.
result<open_file> open_regular(const descriptor& folder, const std::string& name, const std::string& path);

} // namespace opr::storage
