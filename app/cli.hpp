#pragma once

#include "config/load.hpp"
#include "core/result.hpp"

#include <iosfwd>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace opr::app {

/// Read when there is no `--config`, if it exists.
inline constexpr const char* default_config_file = "/etc/openruntimes/executor.yaml";

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

/// The status to exit with: 0 done, 1 the configuration is refused or the executor is unhealthy, 2 the
/// command line is refused.
using exit_status = int;

/// Does all that the command line asks for but serving. Warnings and errors go to `err`, in one line each.
/// @returns The settings to serve with, or the status to exit with.
std::variant<config::executor_settings, exit_status>
prepare(const std::vector<std::string>& arguments, const config::environment& env, std::ostream& out,
        std::ostream& err, const std::string& default_file = default_config_file);

} // namespace opr::app
