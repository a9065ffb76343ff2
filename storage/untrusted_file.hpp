#pragma once

#include "core/result.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

namespace opr::storage {

/// A part of a file.
struct file_head {
  std::string bytes;
  bool truncated = false; ///< The file goes on.
};

/// Reads a file in a folder that user code writes to, such as a log. Opens no link, no device and no FIFO,
/// never waits for anybody, and takes no more than the limit, however large the file is or grows. Blocks for
/// the disk only.
/// @param folder The folder's path: ours, so that only what is in it is untrusted.
/// If its last part is a link, nothing is found.
/// @param name The file's name, untrusted as well.
/// @param from Where to begin; past the end there is nothing.
/// @returns The bytes; or `source_not_found`, `path_refused`, `storage_failed`.
result<file_head> read_untrusted(const std::string& folder, const std::string& name, std::size_t max_bytes,
                                 uint64_t from = 0);

/// Removes such a file, or whatever else has its name, but not a folder (`path_refused`). Nothing of that
/// name counts as removed.
result<done> remove_untrusted(const std::string& folder, const std::string& name);

} // namespace opr::storage
