#pragma once

#include "config/environment.hpp"
#include "config/setting.hpp"
#include "core/error.hpp"

#include <optional>
#include <string>
#include <vector>

namespace opr::config {

/// Writes first what the YAML file says to the members of the rows, then what the environment says.
/// @param yaml_path Empty: no file.
/// @returns The first thing that is wrong, with its place and its rule.
std::optional<failure> apply_layers(const std::vector<setting>& rows, const variable_names& names,
                                    const std::string& yaml_path, const environment& env,
                                    std::vector<std::string>& warnings);

/// The values of all rows as YAML, one line each, secrets masked.
std::string print_rows(const std::vector<setting>& rows);

} // namespace opr::config
