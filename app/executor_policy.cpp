#include "app/executor_policy.hpp"

#include "actors/executor/own_container.hpp"
#include "core/generation.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <sys/resource.h>
#include <thread>
#include <utility>

namespace opr::app {

namespace {

pull_policy pulls_of(const std::string& word) {
  if (word == "always" || word == "enabled")
    return pull_policy::always;
  if (word == "disabled")
    return pull_policy::on_demand;
  return word == "never" ? pull_policy::never : pull_policy::missing;
}

/// An Engine that may not raise limits (rootless, or in a container) refuses to start what has more than
/// itself; the executor's own limit is the best guess at that.
unsigned within_own_limit(unsigned open_files) {
  rlimit own{};
  if (getrlimit(RLIMIT_NOFILE, &own) != 0 || own.rlim_max >= open_files)
    return open_files;
  return static_cast<unsigned>(own.rlim_max);
}

docker::container_isolation isolation_of(const config::executor_settings& settings) {
  docker::container_isolation isolation;
  isolation.capabilities = settings.capabilities;
  isolation.pids = settings.pids_limit;
  isolation.open_files = within_own_limit(settings.nofile_limit);
  isolation.log_mb = settings.container_log_size;
  isolation.read_only = settings.read_only_root;
  isolation.writable = settings.writable_folders;
  isolation.user = settings.container_user;
  isolation.runtime = settings.container_runtime;
  isolation.dns = settings.dns;
  isolation.extra_hosts = settings.extra_hosts;
  if (settings.seccomp_profile.empty())
    return isolation;
  std::ifstream file(settings.seccomp_profile);
  std::ostringstream profile;
  if (!(file && profile << file.rdbuf()))
    throw std::runtime_error("seccomp_profile " + settings.seccomp_profile + " can't be read");
  isolation.seccomp = profile.str();
  return isolation;
}

std::vector<generation> generations_of(const std::vector<std::string>& names) {
  std::vector<generation> read;
  for (const auto& name : names)
    if (auto one = parse_generation(name))
      read.push_back(*one);
  std::sort(read.begin(), read.end());
  return read;
}

} // namespace

executor_policy policy_of(const config::executor_settings& settings,
                          std::vector<docker::registry_login> logins) {
  executor_policy policy;
  policy.executor = settings.hostname;
  policy.data_dir = settings.data_dir;
  policy.networks = settings.networks;
  policy.networks_apart = settings.network_isolation;
  policy.isolation = isolation_of(settings);
  policy.inactive_threshold = settings.inactive_threshold;
  policy.maintenance_interval = settings.maintenance_interval;
  policy.image_threshold = settings.image_threshold;
  policy.retry_patience = settings.retry_attempts * settings.retry_delay;
  policy.memory_swap_mb = settings.memory_swap;
  policy.images = settings.images;
  policy.pulls = pulls_of(settings.image_pull);
  policy.logins = std::move(logins);
  policy.build_cache_folder = settings.build_cache_folder;
  policy.generations = generations_of(settings.runtime_versions);
  policy.keep_on_exit = settings.keep_on_exit;
  policy.own_container = own_container_id();
  if (policy.networks_apart && !policy.own_container.empty())
    throw std::runtime_error(
        "network_isolation would keep an executor that runs in a container from its runtimes");
  policy.limits = {settings.max_runtimes, settings.max_memory};
  policy.max_queue = settings.max_queue;
  auto processors = std::max(1U, std::thread::hardware_concurrency());
  // The Engine takes about ten at a time; fewer make the last of many later.
  policy.start_concurrency =
      settings.start_concurrency != 0 ? settings.start_concurrency : std::max(10U, 2 * processors);
  return policy;
}

http::request_rules rules_of(const config::executor_settings& settings) {
  http::request_rules rules{generations_of(settings.runtime_versions), settings.cpus, settings.memory,
                            settings.build_timeout, settings.max_timeout};
  for (const auto& pair : settings.image_concurrency) {
    auto equals = pair.rfind('=');
    rules.image_concurrency.emplace_back(pair.substr(0, equals),
                                         static_cast<unsigned>(std::stoul(pair.substr(equals + 1))));
  }
  rules.allowed_images = settings.allowed_images;
  rules.concurrency = settings.concurrency;
  return rules;
}

} // namespace opr::app
