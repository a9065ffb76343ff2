#pragma once

#include "core/result.hpp"
#include "storage/files/descriptor.hpp"

#include <string>

namespace opr::app {

/// Makes sure that no other process on this machine runs as the executor of this name with this data folder:
/// at its start it would take this one's containers and folders for leftovers and remove them. Held until the
/// descriptor is closed, and gone with the process however that ends. (An abstract Unix socket: nothing to
/// clean up; it is not seen from other network namespaces.)
result<storage::descriptor> claim_name(const std::string& executor, const std::string& data_dir);

} // namespace opr::app
