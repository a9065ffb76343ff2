#include "config/load.hpp"

#include "config/executor_table.hpp"
#include "config/layers.hpp"
#include "config/nearest.hpp"
#include "config/older_storage.hpp"
#include "config/proxy_table.hpp"
#include "config/rules.hpp"

#include <algorithm>
#include <optional>
#include <unistd.h>

namespace opr::config {

namespace {

failure invalid(std::string detail) { return {ec::general_argument_invalid, std::move(detail)}; }

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

void warn_of_useless_settings(const proxy_settings& settings, std::vector<std::string>& warnings) {
  if (settings.secret.empty())
    warnings.emplace_back("secret is empty: nobody is authorised to call this proxy");
  if (settings.executors.empty())
    warnings.emplace_back("executors is empty: every request will be refused");
  if (!settings.healthcheck && !settings.healthcheck_url.empty())
    warnings.emplace_back("healthcheck_url has no effect: healthcheck is disabled");
}

} // namespace

result<loaded<executor_settings>> load_executor(const std::string& yaml_path, const environment& env) {
  loaded<executor_settings> out;
  if (auto wrong =
          apply_layers(executor_rows(out.settings), executor_variables, yaml_path, env, out.warnings))
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

result<loaded<proxy_settings>> load_proxy(const std::string& yaml_path, const environment& env) {
  loaded<proxy_settings> out;
  if (auto wrong = apply_layers(proxy_rows(out.settings), proxy_variables, yaml_path, env, out.warnings))
    return std::move(*wrong);
  warn_of_useless_settings(out.settings, out.warnings);
  return out;
}

std::string print_executor(const executor_settings& settings) {
  auto copy = settings;
  return print_rows(executor_rows(copy));
}

std::string print_proxy(const proxy_settings& settings) {
  auto copy = settings;
  return print_rows(proxy_rows(copy));
}

} // namespace opr::config
