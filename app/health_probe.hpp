#pragma once

#include "config/settings.hpp"
#include "core/result.hpp"

namespace opr::app {

/// Asks the executor that runs on this machine with these settings for its health, as a container's health
/// check does; takes a few seconds at most.
/// @returns Done, or why it is not healthy.
result<done> probe_health(const config::executor_settings& settings);

} // namespace opr::app
