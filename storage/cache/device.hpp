#pragma once

#include "storage/cache/folder.hpp"
#include "storage/device.hpp"
#include "storage/workers.hpp"

#include <chrono>
#include <cstdint>
#include <memory>

namespace opr::storage {

struct cache_limits {
  uint64_t max_bytes = 0;               ///< Of all copies together; those unused for longest go first.
  std::chrono::milliseconds max_age{0}; ///< How long the origin's word on an object holds.
};

/// A storage with local copies of what was fetched, kept across restarts. A fetch asks the origin whether the
/// copy is still good, which moves no bytes if it is, unless it has said so within `max_age`, or has given
/// the object; the end of an upload through this device ends that time. Fetches of one object at a time share
/// one question and one download, also if it was asked before an upload ended. What can't be kept, for lack
/// of room or because the origin tells no version, is fetched all the same.
/// @param pool Does the copying; outlives the device.
std::unique_ptr<device> make_cached_device(std::unique_ptr<device> origin, cache_folder where,
                                           cache_limits limits, workers& pool);

} // namespace opr::storage
