#include "app/cli.hpp"

#include "app/health_probe.hpp"
#include "storage/dsn.hpp"

#include <array>
#include <filesystem>
#include <ostream>
#include <string_view>
#include <utility>

namespace opr::app {

namespace {

constexpr exit_status succeeded = 0;
constexpr exit_status failed = 1;
constexpr exit_status bad_usage = 2;

constexpr std::array<std::pair<std::string_view, command>, 5> commands{{
    {"--check-config", command::check_config},
    {"--print-config", command::print_config},
    {"--health", command::health},
    {"--version", command::version},
    {"--help", command::help},
}};

constexpr std::string_view usage =
    R"(Usage: executor [--config FILE] [--check-config | --print-config | --health]

Builds user functions and runs them in Docker containers, behind an HTTP API.

  --config FILE    read settings from this YAML file
                   (default: /etc/openruntimes/executor.yaml, if it exists)
  --check-config   check the settings and exit: 0 if they are good, 1 if not
  --print-config   print the settings in force as YAML, secrets masked, and exit
  --health         ask the executor that runs here with these settings for its health and exit: 0 if it is healthy
  --version        print the version and exit
  --help           print this and exit

The environment overrides the file: a setting `port` is OPR_EXECUTOR_PORT.
)";

std::optional<command> find_command(std::string_view option) {
  for (auto [name, what] : commands)
    if (name == option)
      return what;
  return std::nullopt;
}

exit_status report_health(const config::executor_settings& settings, std::ostream& out, std::ostream& err) {
  if (auto healthy = probe_health(settings); !healthy) {
    err << "executor: " << healthy.error().detail << '\n';
    return failed;
  }
  out << "the executor is healthy\n" << std::flush;
  return succeeded;
}

/// The file of `--config`, else the default one unless there is none. One that exists but can't be read is
/// returned: loading it says why.
std::string file_to_read(const command_line& line, const std::string& default_file) {
  std::error_code ignored;
  if (line.config_file)
    return *line.config_file;
  bool missing =
      std::filesystem::status(default_file, ignored).type() == std::filesystem::file_type::not_found;
  return missing ? "" : default_file;
}

} // namespace

result<command_line> parse_command_line(const std::vector<std::string>& arguments) {
  constexpr std::string_view config = "--config";
  constexpr std::string_view config_equals = "--config=";
  command_line line;
  for (auto it = arguments.begin(); it != arguments.end(); ++it) {
    if (auto what = find_command(*it)) {
      line.what = *what;
      continue;
    }
    if (*it == config)
      line.config_file = it + 1 == arguments.end() ? "" : *++it;
    else if (it->rfind(config_equals, 0) == 0)
      line.config_file = it->substr(config_equals.size());
    else
      return failure{ec::general_argument_invalid, "unknown option '" + *it + "'"};
    if (line.config_file->empty())
      return failure{ec::general_argument_invalid, "--config needs the name of a file"};
  }
  return line;
}

std::variant<config::executor_settings, exit_status> prepare(const std::vector<std::string>& arguments,
                                                             const config::environment& env,
                                                             std::ostream& out, std::ostream& err,
                                                             const std::string& default_file) {
  auto line = parse_command_line(arguments);
  if (!line) {
    err << "executor: " << line.error().detail << "; see executor --help\n";
    return bad_usage;
  }
  if (line->what == command::help || line->what == command::version) {
    out << (line->what == command::help ? usage : "executor " OPR_VERSION "\n") << std::flush;
    return succeeded;
  }
  auto loaded = config::load_executor(file_to_read(*line, default_file), env);
  if (!loaded) {
    err << "executor: " << loaded.error().detail << '\n';
    return failed;
  }
  for (const auto* dsn : {&loaded->settings.storage, &loaded->settings.build_cache_storage})
    if (auto place = storage::parse_dsn(*dsn); !place) {
      err << "executor: " << place.error().detail << '\n';
      return failed;
    }
  if (line->what == command::health)
    return report_health(loaded->settings, out, err);
  for (const auto& warning : loaded->warnings)
    err << "executor: warning: " << warning << '\n';
  if (line->what == command::serve)
    return std::move(loaded->settings);
  out << (line->what == command::print_config ? config::print_executor(loaded->settings)
                                              : "the configuration is good\n")
      << std::flush;
  return succeeded;
}

} // namespace opr::app
