#pragma once

#include "config/environment.hpp"
#include "config/setting.hpp"
#include "config/settings.hpp"

#include <vector>

namespace opr::config {

/// All settings of the executor, in the order of `config/executor.yaml`.
/// @param settings Where the rows read and write; must outlive them.
std::vector<setting> executor_rows(executor_settings& settings);

/// How the executor's settings are called in the environment.
extern const variable_names executor_variables;

} // namespace opr::config
