#pragma once

#include "config/settings.hpp"
#include "core/result.hpp"
#include "docker/engine.hpp"

#include <vector>

namespace opr::app {

/// The logins of all registries that the settings know, those of `registries` before those of the Docker
/// configuration file, and Docker Hub's own settings first.
/// @returns `ec::general_argument_invalid` if one is no login, or the file can't be read; no secret is
/// repeated.
result<std::vector<docker::registry_login>> registry_logins(const config::executor_settings& settings);

} // namespace opr::app
