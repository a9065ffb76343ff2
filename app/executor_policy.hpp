#pragma once

#include "actors/executor/services.hpp"
#include "config/settings.hpp"
#include "http/api/decode.hpp"

#include <vector>

namespace opr::app {

/// What the settings say of runtimes, in the words of those who carry it out. Throws `std::runtime_error` if
/// they can't be: a seccomp profile that can't be read, or networks that would cut off the executor itself.
/// @param logins Of registries, see `logins.hpp`.
executor_policy policy_of(const config::executor_settings& settings,
                          std::vector<docker::registry_login> logins);

/// What they say of requests.
http::request_rules rules_of(const config::executor_settings& settings);

} // namespace opr::app
