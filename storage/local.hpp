#pragma once

#include "storage/device.hpp"
#include "storage/workers.hpp"

#include <memory>

namespace opr::storage {

/// Storage in local files: a key is an absolute path. Stored objects never replace one that has the key
/// already
/// (`ec::path_refused`); folders that are missing above a key are made. `on_done` comes from a worker, or
/// from the caller, with `ec::cancelled`, once the workers are stopping.
/// @param pool Does the copying; must outlive the device.
std::unique_ptr<device> make_local_device(workers& pool);

} // namespace opr::storage
