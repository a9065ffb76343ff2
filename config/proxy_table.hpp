#pragma once

#include "config/environment.hpp"
#include "config/proxy_settings.hpp"
#include "config/setting.hpp"

#include <vector>

namespace opr::config {

/// All settings of the proxy, in the order of `config/proxy.yaml`.
/// @param settings Where the rows read and write; must outlive them.
std::vector<setting> proxy_rows(proxy_settings& settings);

/// How the proxy's settings are called in the environment.
extern const variable_names proxy_variables;

} // namespace opr::config
