#include "config/load.hpp"

#include "config/environment.hpp"
#include "config/executor_table.hpp"
#include "config/nearest.hpp"
#include "config/older_storage.hpp"
#include "config/rules.hpp"
#include "config/yaml_file.hpp"

#include <algorithm>
#include <optional>
#include <unistd.h>

namespace opr::config {

namespace {

failure invalid(std::string detail) { return {ec::general_argument_invalid, std::move(detail)}; }

std::string unknown_key(const std::string& key, const std::vector<setting>& rows,
                        const variable_names& names) {
  if (is_unsupported(key, names))
    return key + " is not supported by this version";
  auto meant = nearest_key(key, rows);
  return "unknown key " + shown(key) + (meant.empty() ? "" : "; did you mean '" + std::string(meant) + "'?");
}

std::optional<failure> apply_file(const std::vector<setting>& rows, const variable_names& names,
                                  const std::string& path, std::vector<std::string>& warnings) {
  auto entries = read_yaml_file(path);
  if (!entries)
    return entries.error();
  for (auto& entry : *entries) {
    if (auto why = needless(entry.key, place(path, entry.key_at) + entry.key, names)) {
      warnings.push_back(*why);
      continue;
    }
    auto row =
        std::find_if(rows.begin(), rows.end(), [&](const setting& one) { return one.key == entry.key; });
    if (row == rows.end())
      return invalid(place(path, entry.key_at) + unknown_key(entry.key, rows, names));
    if (auto complaint = assign(*row, std::move(entry.value)))
      return invalid(place(path, entry.value_at) + entry.key + " " + *complaint);
  }
  return std::nullopt;
}

/// What is set and good, but nothing in this version acts on.
void warn_of_idle_settings(const executor_settings& settings, std::vector<std::string>& warnings) {
  if (!settings.logging_provider.empty())
    warnings.emplace_back("logging_provider has no effect: this version reports errors to its log only");
}

/// What earlier generations' names of a storage say, where no DSN does.
std::optional<failure> apply_older_storage(executor_settings& settings, const environment& env,
                                           std::vector<std::string>& warnings) {
  const auto& device = settings.storage_device;
  if (device.empty() || device == "local")
    return std::nullopt;
  if (!settings.storage.empty() && settings.storage != executor_settings{}.storage) {
    warnings.emplace_back("storage_device has no effect: connection_storage is set and wins");
    return std::nullopt;
  }
  auto dsn = older_storage_dsn(device, executor_variables, env);
  if (!dsn)
    return std::move(dsn.error());
  settings.storage = std::move(*dsn);
  return std::nullopt;
}

/// The defaults that depend on the machine, and the order that others rely on.
std::optional<failure> complete(executor_settings& settings) {
  if (settings.hostname.empty()) {
    char name[256] = {}; // The kernel's limit is 64.
    gethostname(name, sizeof name - 1);
    if (!is_hostname(name))
      return invalid("the machine's host name " + shown(name) +
                     " is not fit for a container's name: set hostname");
    settings.hostname = name;
  }
  std::sort(settings.runtime_versions.begin(), settings.runtime_versions.end());
  return std::nullopt;
}

} // namespace

result<loaded> load_executor(const std::string& yaml_path, const environment& env) {
  loaded out;
  auto rows = executor_rows(out.settings);
  if (!yaml_path.empty())
    if (auto wrong = apply_file(rows, executor_variables, yaml_path, out.warnings))
      return std::move(*wrong);
  if (auto wrong = apply_environment(rows, executor_variables, env, out.warnings))
    return std::move(*wrong);
  if (auto wrong = apply_older_storage(out.settings, env, out.warnings))
    return std::move(*wrong);
  if (auto wrong = complete(out.settings))
    return std::move(*wrong);
  if (out.settings.secret.empty())
    out.warnings.emplace_back("secret is empty: nobody is authorised to call this executor");
  warn_of_idle_settings(out.settings, out.warnings);
  return out;
}

std::string print_executor(const executor_settings& settings) {
  auto copy = settings;
  std::string out;
  for (const auto& row : executor_rows(copy))
    out += std::string(row.key) + ": " + to_yaml(row) + "\n";
  return out;
}

} // namespace opr::config
