#pragma once

#include "config/proxy_settings.hpp"
#include "config/settings.hpp"
#include "core/result.hpp"

#include <string>
#include <utility>
#include <vector>

namespace opr::config {

/// The process environment, or a test's own. It holds all variables, so that unknown names are seen.
struct environment {
  std::vector<std::pair<std::string, std::string>> variables;
  static environment of_process();
};

template <class Settings>
struct loaded {
  Settings settings;
  std::vector<std::string> warnings; ///< One sentence each: unknown names, overridden aliases.
};

/// Defaults, then the YAML file, then the environment; validated.
/// @param yaml_path Empty: no file.
/// Fails with `ec::general_argument_invalid`; the detail names file, line, column, key and rule, or the
/// variable and the rule. It never holds a value that may be secret.
result<loaded<executor_settings>> load_executor(const std::string& yaml_path, const environment& env);
result<loaded<proxy_settings>> load_proxy(const std::string& yaml_path, const environment& env);

/// The settings as YAML, with secrets masked, in a form that can be loaded again.
std::string print_executor(const executor_settings& settings);
std::string print_proxy(const proxy_settings& settings);

} // namespace opr::config
