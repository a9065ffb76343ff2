#include "config/executor_table.hpp"

#include "config/older_storage.hpp"
#include "config/rules.hpp"

namespace opr::config {

using namespace std::chrono_literals;

namespace {

constexpr std::string_view storage_rule =
    "empty, file://localhost, local://localhost or <s3, do-spaces, backblaze, linode or "
    "wasabi>://KEY:SECRET@HOST/BUCKET?region=REGION";

} // namespace

// clang-format off
// NOLINTNEXTLINE(readability-function-size): a table, a row for each setting
std::vector<setting> executor_rows(executor_settings& s) {
  return {
    {"env",                  flag{&s.development, "development", "production"}},
    {"address",              text{&s.address, is_ip_address, "an IPv4 or IPv6 address"}},
    {"port",                 number{&s.port, 0, 65535}},
    {"hostname",             text{&s.hostname, is_hostname_or_empty,
                                  "1 to 63 of A-Z a-z 0-9 _ . - that begin with a letter or digit"}},
    {"secret",               text{&s.secret, is_secret_or_empty,
                                  "a text that neither begins nor ends with a space"},
                             /* secret: */ true},
    {"docker_host",          text{&s.docker_host, is_docker_host,
                                  "unix:///path (at most 107 bytes of path) or tcp://host:port"},
                             /* secret: */ false, {"DOCKER_HOST"}},
    {"network",              text_list{&s.networks, is_network_name,
                                  "one or more names of Docker networks (A-Z a-z 0-9 _ . - that begin with a "
                                  "letter or digit)"}},
    {"images",               text_list{&s.images, is_image,
                                       "container images (name, name:tag or name@digest), or none",
                                       /* may_be_empty: */ true}},
    {"image_pull",           text{&s.image_pull, is_image_pull, "one of missing, always, enabled, disabled, never"}},
    {"docker_hub_username",  text{&s.docker_hub_username, is_secret_or_empty,
                                  "a text that neither begins nor ends with a space"}},
    {"docker_hub_password",  text{&s.docker_hub_password, is_secret_or_empty,
                                  "a text that neither begins nor ends with a space"},
                             /* secret: */ true},
    {"registries",           text_list{&s.registries, is_registry_login, "logins of the form HOST=USER:PASSWORD, or none",
                                       /* may_be_empty: */ true},
                             /* secret: */ true},
    {"registry_config",      text{&s.registry_config, is_path_or_empty, "empty or an absolute path"}},
    {"allowed_images",       text_list{&s.allowed_images, is_image_pattern,
                                       "names of images, in which * stands for any characters, or none",
                                       /* may_be_empty: */ true}},
    {"runtime_versions",     text_list{&s.runtime_versions, is_runtime_version, "one or more of v2, v3, v4, v5"}},
    {"connection_storage",   text{&s.storage, is_storage_dsn_or_empty,
                                  storage_rule, masked_dsn}},
    {"storage_device",       text{&s.storage_device, is_storage_device_or_empty,
                                  "empty or one of local, s3, dospaces, backblaze, linode, wasabi"}},
    {"storage_roots",        text_list{&s.storage_roots, is_data_dir,
                                  "absolute paths without '.' and '..' parts and colons, or none",
                                  /* may_be_empty: */ true}},
    {"source_cache_size",    number{&s.source_cache_size, 0, 16777216}},
    {"source_cache_max_age", duration{&s.source_cache_max_age, 1s, 0, 31536000}},
    {"connection_build_cache_storage",
                             text{&s.build_cache_storage, is_storage_dsn_or_empty,
                                  storage_rule, masked_dsn}},
    {"build_cache_folder",   text{&s.build_cache_folder, is_data_dir,
                                  "an absolute path without '.' and '..' parts and colons"}},
    {"data_dir",             text{&s.data_dir, is_data_dir,
                                  "an absolute path without '.' and '..' parts and colons"}},
    {"cpus",                 fraction{&s.cpus, 0, 1024}},
    {"memory",               number{&s.memory, 0, 16777216}},
    {"memory_swap",          number{&s.memory_swap, 0, 16777216}},
    {"concurrency",          number{&s.concurrency, 0, 1000000}},
    {"image_concurrency",    text_list{&s.image_concurrency, is_image_limit,
                                  "image=number pairs, * in an image standing for any text, or none",
                                  /* may_be_empty: */ true}},
    {"max_queue",            number{&s.max_queue, 1, 1000000}},
    {"max_executions",       number{&s.max_executions, 0, 1000000}},
    {"max_runtimes",         number{&s.max_runtimes, 0, 1000000}},
    {"max_builds",           number{&s.max_builds, 0, 1000000}},
    {"max_memory",           number{&s.max_memory, 0, 1073741824}},
    {"capabilities",         text_list{&s.capabilities, is_capability,
                                  "Linux capabilities without CAP_, or none", /* may_be_empty: */ true}},
    {"pids_limit",           number{&s.pids_limit, 0, 4194304}},
    {"nofile_limit",         number{&s.nofile_limit, 0, 1048576}},
    {"container_log_size",   number{&s.container_log_size, 0, 1024}},
    {"read_only_root",       flag{&s.read_only_root, "enabled", "disabled"}},
    {"writable_folders",     text_list{&s.writable_folders, is_data_dir,
                                  "absolute paths without '.' and '..' parts and colons, or none",
                                  /* may_be_empty: */ true}},
    {"container_user",       text{&s.container_user, is_user_or_empty, "empty, a name, uid or uid:gid"}},
    {"seccomp_profile",      text{&s.seccomp_profile, is_path_or_empty, "empty or the absolute path of a file"}},
    {"container_runtime",    text{&s.container_runtime, is_hostname_or_empty,
                                  "empty or the name of a runtime that the Engine knows"}},
    {"dns",                  text_list{&s.dns, is_ip_address, "IP addresses, or none", /* may_be_empty: */ true}},
    {"extra_hosts",          text_list{&s.extra_hosts, is_extra_host, "name:address pairs, or none",
                                  /* may_be_empty: */ true}},
    {"network_isolation",    flag{&s.network_isolation, "enabled", "disabled"}},
    {"max_timeout",          duration{&s.max_timeout, 1s, 1, 86400}},
    {"build_timeout",        duration{&s.build_timeout, 1s, 1, 86400}},
    {"inactive_threshold",   duration{&s.inactive_threshold, 1s, 1, 2592000}, /* secret: */ false,
                             {"OPR_EXECUTOR_INACTIVE_TRESHOLD", "OPEN_RUNTIMES_EXECUTOR_INACTIVE_TRESHOLD"}},
    {"maintenance_interval", duration{&s.maintenance_interval, 1s, 1, 86400}},
    {"image_threshold",      duration{&s.image_threshold, 1s, 0, 31536000}},
    {"start_concurrency",    number{&s.start_concurrency, 0, 1024}},
    {"max_connections",      number{&s.max_connections, 1, 1000000}},
    {"drain_timeout",        duration{&s.drain_timeout, 1s, 0, 3600}},
    {"on_exit",              flag{&s.keep_on_exit, "keep", "remove"}},
    {"retry_attempts",       number{&s.retry_attempts, 1, 100}},
    {"retry_delay_ms",       duration{&s.retry_delay, 1ms, 1, 60000}},
    {"log_level",            text{&s.log_level, is_log_level, "one of trace, debug, info, warning, error"}},
    {"logging_provider",     text{&s.logging_provider, is_logging_provider_or_empty,
                                  "empty or one of sentry, appsignal, raygun, logowl"}},
    {"logging_config",       text{&s.logging_config, is_secret_or_empty,
                                  "a text that neither begins nor ends with a space"},
                             /* secret: */ true},
    {"version",              text{&s.version, is_version_or_empty, "empty or at most 64 characters"}},
  };
}
// clang-format on

const variable_names executor_variables{
    {"OPR_EXECUTOR_", "OPEN_RUNTIMES_EXECUTOR_"},
    {"build_cache_storage", "storage_*"},
    {{"worker_per_core", "this executor has a thread for each processor by itself"},
     {"runtimes", "any image may be used, and those to be pulled at start are named in images"}},
    is_older_storage_key,
};

} // namespace opr::config
