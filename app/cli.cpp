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

constexpr std::string_view executor_usage =
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

constexpr std::string_view proxy_usage =
    R"(Usage: proxy [--config FILE] [--check-config | --print-config | --health]

Spreads HTTP requests over executors, or over any other HTTP servers.

  --config FILE    read settings from this YAML file
                   (default: /etc/openruntimes/proxy.yaml, if it exists)
  --check-config   check the settings and exit: 0 if they are good, 1 if not
  --print-config   print the settings in force as YAML, secrets masked, and exit
  --health         ask the proxy that runs here with these settings for its health and exit: 0 if it is healthy
  --version        print the version and exit
  --help           print this and exit

The environment overrides the file: a setting `port` is OPR_PROXY_PORT.
)";

std::optional<command> find_command(std::string_view option) {
  for (auto [name, what] : commands)
    if (name == option)
      return what;
  return std::nullopt;
}

/// The settings, if what they say of storage can be one.
result<config::loaded<config::executor_settings>> load_executor(const std::string& yaml_path,
                                                                const config::environment& env) {
  auto read = config::load_executor(yaml_path, env);
  if (!read)
    return read;
  for (const auto* dsn : {&read->settings.storage, &read->settings.build_cache_storage})
    if (auto place = storage::parse_dsn(*dsn); !place)
      return std::move(place.error());
  return read;
}

result<done> probe_executor(const config::executor_settings& settings) {
  return probe_health({"executor", settings.address, settings.port, "/v1/health"});
}

result<done> probe_proxy(const config::proxy_settings& settings) {
  return probe_health({"proxy", settings.address, settings.port, "/v1/proxy/health"});
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

const program<config::executor_settings> executor_program{
    "executor",    executor_usage,         "/etc/openruntimes/executor.yaml",
    load_executor, config::print_executor, probe_executor};

const program<config::proxy_settings> proxy_program{
    "proxy",    proxy_usage, "/etc/openruntimes/proxy.yaml", config::load_proxy, config::print_proxy,
    probe_proxy};

template <class Settings>
std::variant<Settings, exit_status>
prepare(const program<Settings>& what, const std::vector<std::string>& arguments,
        const config::environment& env, std::ostream& out, std::ostream& err) {
  auto line = parse_command_line(arguments);
  if (!line) {
    err << what.name << ": " << line.error().detail << "; see " << what.name << " --help\n";
    return bad_usage;
  }
  if (line->what == command::help || line->what == command::version) {
    line->what == command::help ? out << what.usage : out << what.name << " " OPR_VERSION "\n";
    out << std::flush;
    return succeeded;
  }
  auto loaded = what.load(file_to_read(*line, what.default_file), env);
  if (!loaded) {
    err << what.name << ": " << loaded.error().detail << '\n';
    return failed;
  }
  if (line->what == command::health) {
    if (auto healthy = what.probe(loaded->settings); !healthy) {
      err << what.name << ": " << healthy.error().detail << '\n';
      return failed;
    }
    out << "the " << what.name << " is healthy\n" << std::flush;
    return succeeded;
  }
  for (const auto& warning : loaded->warnings)
    err << what.name << ": warning: " << warning << '\n';
  if (line->what == command::serve)
    return std::move(loaded->settings);
  out << (line->what == command::print_config ? what.print(loaded->settings) : "the configuration is good\n")
      << std::flush;
  return succeeded;
}

template std::variant<config::executor_settings, exit_status>
prepare(const program<config::executor_settings>& what, const std::vector<std::string>& arguments,
        const config::environment& env, std::ostream& out, std::ostream& err);
template std::variant<config::proxy_settings, exit_status>
prepare(const program<config::proxy_settings>& what, const std::vector<std::string>& arguments,
        const config::environment& env, std::ostream& out, std::ostream& err);

} // namespace opr::app
