#pragma once

#include "config/load.hpp"
#include "core/result.hpp"

#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace opr::app {

enum class command : uint8_t { serve, check_config, print_config, health, version, help };

/// What somebody typed. Of several commands the last one counts.
struct command_line {
  command what = command::serve;
  std::optional<std::string> config_file;
};

/// @param arguments Without the program's name.
/// Fails with `ec::general_argument_invalid` for an unknown option or a missing file name; the detail is for
/// people.
result<command_line> parse_command_line(const std::vector<std::string>& arguments);

/// The status to exit with: 0 done, 1 the configuration is refused or the program that runs is unhealthy, 2
/// the command line is refused.
using exit_status = int;

/// What the command line is about.
template <class Settings>
struct program {
  std::string_view name;
  std::string_view usage;
  const char* default_file; ///< Read when there is no `--config`, if it exists.
  result<config::loaded<Settings>> (*load)(const std::string& yaml_path, const config::environment& env);
  std::string (*print)(const Settings& settings);
  result<done> (*probe)(const Settings& settings); ///< Asks the one that runs with these settings.
};

extern const program<config::executor_settings> executor_program;
extern const program<config::proxy_settings> proxy_program;

/// Does all that the command line asks for but serving. Warnings and errors go to `err`, in one line each.
/// @returns The settings to serve with, or the status to exit with.
template <class Settings>
std::variant<Settings, exit_status>
prepare(const program<Settings>& what, const std::vector<std::string>& arguments,
        const config::environment& env, std::ostream& out, std::ostream& err);

} // namespace opr::app
