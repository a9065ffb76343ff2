#pragma once

#include "core/requests.hpp"

#include <cstddef>
#include <string>

namespace opr {

/// What of an execution's log or error file is passed on, in bytes.
inline constexpr std::size_t max_execution_log = 5 * 1024 * 1024;

/// Reads the log and error files that a runtime wrote for one execution into the answer, and deletes them.
/// Blocks.
/// @param folder `/mnt/logs` of the runtime, on the host.
/// @param id See `log_id`; the files are `<id>_logs.log` and `<id>_errors.log`. Absent ones are empty.
void take_execution_logs(const std::string& folder, const std::string& id, execution_result& into);

} // namespace opr
