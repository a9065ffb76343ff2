#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace opr::config {

/// Everything about an executor that an operator may set; `executor.yaml` explains each field. The setting is
/// called as the field is unless a comment names it.
// In the order of the file, which people read. NOLINTNEXTLINE(clang-analyzer-optin.performance.Padding)
struct executor_settings {
  bool development = false; ///< `env`: development | production
  std::string address = "0.0.0.0";
  uint16_t port = 9900; ///< 0: any free one.
  std::string hostname; ///< Default: the machine's host name.
  std::string secret;   ///< Empty: nobody is authorised.
  std::string docker_host = "unix:///var/run/docker.sock";
  std::vector<std::string> networks{"openruntimes-runtimes"}; ///< `network`
  std::vector<std::string> images;                            ///< There before they are wanted; may be empty.
  std::string image_pull = "missing"; ///< missing, always (also called enabled), disabled, never
  std::string docker_hub_username;    ///< Empty: Docker Hub is asked without a login.
  std::string docker_hub_password;
  std::vector<std::string> registries;             ///< `HOST=USER:PASSWORD` each; may be empty.
  std::string registry_config;                     ///< Path of a Docker config.json; empty: none.
  std::vector<std::string> allowed_images;         ///< Patterns; none: any image may be used.
  std::vector<std::string> runtime_versions{"v5"}; ///< Of v2, v3, v4, v5; the last one is the newest.
  std::string storage = "file://localhost";        ///< `connection_storage`, a DSN.
  std::string storage_device; ///< First generation's name for the kind of storage; in force by `storage`.
  std::vector<std::string> storage_roots; ///< Local folders that paths must lie in; none: any path will do.
  unsigned source_cache_size = 1024;      ///< MB of local copies of source archives from a bucket; 0: none.
  std::chrono::milliseconds source_cache_max_age{0}; ///< How long the bucket's word on a copy holds.
  std::string build_cache_storage; ///< `connection_build_cache_storage`; empty: as `storage`.
  std::string build_cache_folder = "/storage/build-cache"; ///< Path, or beginning of keys, of build caches.
  std::string data_dir = "/tmp"; ///< Holds `<hostname>-<runtimeId>/`; seen by the Engine at the same path.
  double cpus = 1;               ///< Of runtimes whose request names none; 0: no limit.
  unsigned memory = 512;         ///< MB, of runtimes whose request names none; 0: no limit.
  unsigned memory_swap = 0;      ///< MB of memory and swap together; 0: no swap on top of the memory.
  // Limits; 0: none.
  unsigned concurrency = 0; ///< Executions that a runtime serves at once, of requests that name none.
  std::vector<std::string> image_concurrency; ///< `pattern=number`, before `concurrency`.
  unsigned max_queue = 10000;                 ///< Executions that wait in one runtime.
  unsigned max_executions = 0;                ///< In flight in all.
  unsigned max_runtimes = 0;
  unsigned max_builds = 0; ///< In flight.
  unsigned max_memory = 0; ///< MB that runtimes may use together.
  // Isolation of all runtimes; see `docker::container_isolation`.
  std::vector<std::string> capabilities{"CHOWN",  "DAC_OVERRIDE", "FOWNER", "FSETID",
                                        "SETGID", "SETUID",       "KILL",   "NET_BIND_SERVICE"};
  unsigned pids_limit = 2048;       ///< 0: unlimited.
  unsigned nofile_limit = 65536;    ///< 0: the Engine's default.
  unsigned container_log_size = 10; ///< MB; 0: the Engine's default.
  bool read_only_root = false;
  std::vector<std::string> writable_folders{"/run", "/var/tmp"}; ///< With `read_only_root`.
  std::string container_user;                                    ///< Empty: the image's.
  std::string seccomp_profile;                                   ///< Path of a file; empty: the Engine's own.
  std::string container_runtime;                                 ///< Empty: the Engine's default.
  std::vector<std::string> dns;
  std::vector<std::string> extra_hosts;
  bool network_isolation = false;                  ///< Runtimes can't reach each other.
  std::chrono::milliseconds max_timeout{86400000}; ///< Longest `timeout` that an execution may ask for.
  std::chrono::milliseconds build_timeout{600000}; ///< Of builds whose request names none.
  std::chrono::milliseconds inactive_threshold{60000};
  std::chrono::milliseconds maintenance_interval{3600000};
  std::chrono::milliseconds image_threshold{0}; ///< Of images that were pulled and aren't used; 0: kept.
  unsigned start_concurrency = 0; ///< Containers created and started at once; 0: see `executor.yaml`.
  unsigned max_connections = 10000;
  std::chrono::milliseconds drain_timeout{30000}; ///< Executions in flight get this long after SIGTERM.
  bool keep_on_exit = false;                      ///< `on_exit`: keep | remove
  unsigned retry_attempts = 5; ///< Times `retry_delay`: how long a refused execution waits for the port.
  std::chrono::milliseconds retry_delay{500}; ///< `retry_delay_ms`
  std::string log_level = "info";             ///< trace, debug, info, warning, error
  std::string logging_provider;               ///< Where faults are reported, unless a DSN says it.
  std::string logging_config;                 ///< The provider's DSN or key; empty: nowhere.
  std::string version;                        ///< What error answers say; empty: this program's own.
};

} // namespace opr::config
