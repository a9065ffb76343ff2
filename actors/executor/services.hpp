#pragma once

#include "actors/executor/limits.hpp"
#include "actors/executor/registry.hpp"
#include "core/clock.hpp"
#include "core/fault.hpp"
#include "docker/engine.hpp"
#include "net/http_client.hpp"
#include "net/port_probe.hpp"
#include "storage/device.hpp"

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace opr {

/// When images are pulled.
enum class pull_policy : uint8_t {
  missing,   ///< At start those that aren't there; later as they are wanted.
  always,    ///< At start all; later as they are wanted.
  on_demand, ///< Only as they are wanted.
  never,
};

/// What an operator decides about runtimes; see `config/executor.yaml`.
struct executor_policy {
  std::string executor; ///< The executor's name.
  std::string data_dir;
  std::vector<std::string> networks;
  bool networks_apart = false;           ///< Runtimes of one network can't reach each other.
  docker::container_isolation isolation; ///< Of every runtime.
  std::chrono::milliseconds inactive_threshold{60000};
  std::chrono::milliseconds maintenance_interval{3600000};
  std::chrono::milliseconds retry_patience{2500}; ///< How long a refused connection is retried.
  unsigned start_concurrency = 4;
  room limits;
  std::size_t max_queue = 10000;   ///< Executions that wait in one runtime; more are refused.
  uint64_t memory_swap_mb = 0;     ///< Memory and swap of a runtime together; not above its memory: no swap.
  std::vector<std::string> images; ///< To be there before they are wanted.
  pull_policy pulls = pull_policy::missing;
  std::chrono::milliseconds image_threshold{0}; ///< Unused so long, images that were pulled go. 0: none does.
  std::vector<docker::registry_login> logins;   ///< Each for its own registry, and for no other.
  std::string build_cache_folder;      ///< Path, or beginning of keys, of build caches in their storage.
  std::vector<generation> generations; ///< That may be served; empty: all.
  bool keep_on_exit =
      false; ///< Whether runtimes that serve outlive the executor, for its next life to adopt.
  std::string own_container; ///< Id of the container that the executor runs in; empty: it runs in none.
};

/// Everything outside the actors that they work with. Functions return at once and call back once, from any
/// thread.
struct services {
  docker::engine& engine;
  net::http_client& http;
  storage::device& storage;
  registry& runtimes;
  std::function<void(std::function<void()>)> run_blocking; ///< Runs file work: copies, removals.
  std::function<void(std::function<void()>)>
      run_short; ///< Runs what an execution waits for; never behind a copy.
  std::function<std::shared_ptr<net::probe>(net::address, time_point, then<done>)> await_port;
  /// Tells, from any thread, whenever a file in the folder was written to, until what it returns is let go;
  /// nothing if the folder can't be watched.
  std::function<std::shared_ptr<void>(const std::string& folder, std::function<void()> on_change)>
      watch_folder;
  std::function<time_point()> now;
  executor_policy policy;
  std::shared_ptr<gate> executions; ///< All that are in flight; empty: any number. So is the next.
  std::shared_ptr<gate> builds;
  refusals refused;
  std::atomic<bool> engine_answers{false}; ///< Kept true by the engine watcher as long as the Engine answers.
  report_fault report = [](const fault&) {};
  storage::device* build_caches = nullptr; ///< Where build caches are kept; nothing: in `storage`.
  /// What an earlier life left has been taken over where it can be. Before that nothing may be swept.
  std::atomic<bool> adopted{false};
};
using services_ptr = std::shared_ptr<services>;

} // namespace opr
