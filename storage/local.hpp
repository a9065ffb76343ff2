#pragma once

#include "storage/device.hpp"
#include "storage/workers.hpp"

#include <memory>
#include <string>
#include <vector>

namespace opr::storage {

/// Storage in local files: a key is an absolute path. Stored objects never replace one that has the key
/// already
/// (`ec::path_refused`); folders that are missing above a key are made. `on_done` comes from a worker, or
/// from the caller, with `ec::cancelled`, once the workers are stopping.
/// @param pool Does the copying; must outlive the device.
/// @param roots Absolute paths of the folders that all keys must lie in, wherever links lead
/// (`ec::path_refused`); none: any path will do.
std::unique_ptr<device> make_local_device(workers& pool, std::vector<std::string> roots = {});

} // namespace opr::storage
