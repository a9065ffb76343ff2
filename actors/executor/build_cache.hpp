#pragma once

#include "actors/executor/container_plan.hpp"
#include "actors/executor/services.hpp"

#include <functional>
#include <string>
#include <vector>

namespace opr {

// The cache that builds with one `cacheKey` share: a file that lies in the storage between builds and in the
// container's /cache during one. It only ever saves time: trouble with it is a line in the build's output.

/// Told when a cache has been dealt with; a warning, or nothing. From any thread.
using on_cache = std::function<void(const std::string& warning)>;

/// Where a cache lies in the storage.
std::string build_cache_path(const std::string& folder, const std::string& cache_key);

/// Copies a build's cache into its folder. That there is none yet is no trouble.
void restore_build_cache(const services_ptr& with, const std::string& cache_key,
                         const runtime_folders& folders, const on_cache& then_do);
/// Copies it back, in place of the one that is there: whole, whoever else reads or writes it. That the build
/// left none is no trouble.
void store_build_cache(const services_ptr& with, const std::string& cache_key, const runtime_folders& folders,
                       const on_cache& then_do);

/// A warning as a line of a build's output.
std::string cache_warning_line(const std::string& warning);

} // namespace opr
