#pragma once

#include "storage/cache/folder.hpp"
#include "storage/device.hpp"
#include "storage/workers.hpp"

#include <cstdint>
#include <memory>

namespace opr::storage {

/// A storage with local copies of what was fetched, kept across restarts. Each fetch asks the origin whether
/// the copy is still good, which moves no bytes if it is; fetches of one object at a time share one download.
/// What can't be kept, for lack of room or because the origin tells no version, is fetched all the same.
/// @param max_bytes Of all copies together; those unused for longest go first.
/// @param pool Does the copying; outlives the device.
std::unique_ptr<device> make_cached_device(std::unique_ptr<device> origin, cache_folder where,
                                           uint64_t max_bytes, workers& pool);

} // namespace opr::storage
