#pragma once

#include "actors/executor/container_plan.hpp"
#include "core/result.hpp"

#include <string>
#include <vector>

namespace opr {

// Folders of runtimes on the host. These functions block: they run where file work may.

/// `<data_dir>/<executor>-<runtimeId>`.
runtime_folders folders_of(const std::string& data_dir, const std::string& executor,
                           const std::string& runtime_id);

/// Makes the folders of a runtime, marked as this executor's. A folder that an earlier life of this executor
/// left under the name is removed first; one that isn't marked as its own is left alone:
/// `ec::storage_failed`.
result<done> make_folders(const runtime_folders& folders, const std::string& executor,
                          const std::string& runtime_id);

/// Removes them with all that the runtime has put there; links are not followed. What is absent, or not
/// marked as this runtime's, counts as removed and is left alone.
result<done> remove_folders(const runtime_folders& folders, const std::string& executor,
                            const std::string& runtime_id);

/// The runtime ids whose folders in `data_dir` are marked as this executor's.
std::vector<std::string> find_folders(const std::string& data_dir, const std::string& executor);

} // namespace opr
