#pragma once

#include "core/result.hpp"
#include "storage/files/descriptor.hpp"

#include <cstdint>
#include <functional>
#include <string>

namespace opr::storage {

/// Asked between two slices of a copy (1 MiB): why to end it, or a failure with code `none` to go on.
using checkpoint = std::function<failure()>;

/// Copies a regular file to a new one. Blocks. What is copied is the file's size at the beginning, so that
/// one that grows meanwhile can't keep this busy for ever; one that shrinks is `ec::storage_failed`.
/// @param from Not followed if it is a link.
/// @param to Must not exist. Appears whole, or not at all; its folder must be there.
/// @returns The size in bytes.
result<uint64_t> copy_in(const std::string& from, const std::string& to, const checkpoint& go_on);

/// The same for a copy that has to last: makes missing folders, and the file is on the disk when this
/// returns.
result<uint64_t> copy_out(const std::string& from, const std::string& to, const checkpoint& go_on);

/// The same, in place of the file that may have that path already.
result<uint64_t> copy_over(const std::string& from, const std::string& to, const checkpoint& go_on);

/// Copies `size` bytes between two open files by reading and writing, from where they stand. `copy_in` and
/// `copy_out` do so where the kernel can't copy by itself.
/// @param path The source, for people.
result<done> copy_by_hand(int from, int to, uint64_t size, const std::string& path, const checkpoint& go_on);

} // namespace opr::storage
