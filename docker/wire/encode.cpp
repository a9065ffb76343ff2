#include "docker/wire/encode.hpp"

#include "core/base64.hpp"
#include "docker/wire/json.hpp"
#include "docker/wire/target.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

namespace opr::docker {

namespace {

constexpr double max_cpus = 1'000'000;
constexpr uint64_t max_memory_mb = uint64_t{1} << 40U; // in bytes still an int64_t

bool has_nul(const std::string& text) noexcept { return text.find('\0') != std::string::npos; }

bool is_valid_env(const std::pair<std::string, std::string>& variable) noexcept {
  const auto& [name, value] = variable;
  return !name.empty() && name.find('=') == std::string::npos && !has_nul(name) && !has_nul(value);
}

// A colon would shift the parts of the Engine's `host:container` form.
bool is_valid_mount(const bind_mount& mount) noexcept {
  auto is_plain = [](const std::string& path) {
    return !path.empty() && path.front() == '/' && path.find(':') == std::string::npos && !has_nul(path);
  };
  return is_plain(mount.host_path) && is_plain(mount.container_path);
}

bool is_restart_policy(const std::string& name) noexcept {
  static constexpr std::array<std::string_view, 4> known{"no", "always", "on-failure", "unless-stopped"};
  return std::find(known.begin(), known.end(), name) != known.end();
}

/// What the Engine would refuse late, misread, or take for something else.
std::optional<std::string> fault_of(const container_spec& spec) {
  if (!is_valid_name(spec.name))
    return "container name: a letter or digit, then letters, digits, '_', '.', '-'";
  if (!is_valid_name(spec.network)) // none given would mean the default bridge
    return "network: a letter or digit, then letters, digits, '_', '.', '-'";
  if (spec.image.empty())
    return "image: must not be empty";
  if (std::any_of(spec.command.begin(), spec.command.end(), has_nul))
    return "command: must not contain NUL";
  if (!std::all_of(spec.env.begin(), spec.env.end(), is_valid_env))
    return "variables: a name must not be empty or contain '=', and nothing may contain NUL";
  if (!std::all_of(spec.mounts.begin(), spec.mounts.end(), is_valid_mount))
    return "mounts: absolute paths without ':'";
  if (!(spec.cpus >= 0 && spec.cpus <= max_cpus)) // also refuses NaN
    return "cpus: out of range";
  if (spec.memory_mb > max_memory_mb || spec.memory_swap_mb > max_memory_mb)
    return "memory: out of range";
  if (!is_restart_policy(spec.restart_policy))
    return "restart policy: one of no, always, on-failure, unless-stopped";
  return std::nullopt;
}

result<std::string> finished(const json::writer& out) {
  if (auto text = out.finish())
    return std::move(*text);
  return {ec::general_argument_invalid, "text for the Docker Engine must be valid UTF-8"};
}

void write_texts(json::writer& out, const std::vector<std::string>& texts) {
  out.open_array();
  for (const auto& text : texts)
    out.text(text);
  out.close_array();
}

void write_labels(json::writer& out, const std::map<std::string, std::string>& labels) {
  out.key("Labels").open_object();
  for (const auto& [name, value] : labels)
    out.key(name).text(value);
  out.close_object();
}

/// No more than that, whatever the image or a set-user-id program in it wants.
void write_privileges(json::writer& out, const container_isolation& isolation) {
  write_texts(out.key("CapDrop"), {"ALL"});
  write_texts(out.key("CapAdd"), isolation.capabilities);
  out.key("SecurityOpt").open_array().text("no-new-privileges");
  if (!isolation.seccomp.empty())
    out.text("seccomp=" + isolation.seccomp);
  out.close_array();
}

void write_bounds(json::writer& out, const container_isolation& isolation) {
  if (isolation.pids != 0)
    out.key("PidsLimit").number(isolation.pids);
  if (isolation.open_files != 0) {
    out.key("Ulimits").open_array().open_object().key("Name").text("nofile");
    out.key("Soft").number(isolation.open_files).key("Hard").number(isolation.open_files);
    out.close_object().close_array();
  }
  if (isolation.log_mb != 0) {
    out.key("LogConfig").open_object().key("Type").text("json-file").key("Config").open_object();
    out.key("max-size").text(std::to_string(isolation.log_mb) + "m").key("max-file").text("1");
    out.close_object().close_object();
  }
}

void write_surroundings(json::writer& out, const container_isolation& isolation) {
  out.key("ReadonlyRootfs").boolean(isolation.read_only);
  if (isolation.read_only && !isolation.writable.empty()) {
    out.key("Tmpfs").open_object();
    for (const auto& folder : isolation.writable)
      out.key(folder).text("rw,exec,nosuid,nodev");
    out.close_object();
  }
  if (!isolation.runtime.empty())
    out.key("Runtime").text(isolation.runtime);
  if (!isolation.dns.empty())
    write_texts(out.key("Dns"), isolation.dns);
  if (!isolation.extra_hosts.empty())
    write_texts(out.key("ExtraHosts"), isolation.extra_hosts);
}

void write_host_config(json::writer& out, const container_spec& spec) {
  out.key("HostConfig").open_object();
  out.key("NetworkMode").text(spec.network);
  out.key("Binds").open_array();
  for (const auto& mount : spec.mounts)
    out.text(mount.host_path + ":" + mount.container_path);
  out.close_array();
  auto bytes = static_cast<int64_t>(spec.memory_mb << 20U);
  auto with_swap = std::max(bytes, static_cast<int64_t>(spec.memory_swap_mb << 20U));
  out.key("NanoCpus").number(std::llround(spec.cpus * 1e9));
  out.key("Memory").number(bytes);
  out.key("MemorySwap")
      .number(bytes == 0 ? 0 : with_swap); // the sum of both, so their being equal means no swap
  out.key("RestartPolicy").open_object().key("Name").text(spec.restart_policy).close_object();
  write_privileges(out, spec.isolation);
  write_bounds(out, spec.isolation);
  write_surroundings(out, spec.isolation);
  out.close_object();
}

} // namespace

result<std::string> encode_container(const container_spec& spec) {
  if (auto fault = fault_of(spec))
    return {ec::general_argument_invalid, std::move(*fault)};
  json::writer out;
  out.open_object().key("Image").text(spec.image).key("Hostname").text(spec.hostname);
  if (!spec.command.empty())
    write_texts(out.key("Cmd"), spec.command);
  if (!spec.working_dir.empty())
    out.key("WorkingDir").text(spec.working_dir);
  if (!spec.isolation.user.empty())
    out.key("User").text(spec.isolation.user);
  out.key("Env").open_array();
  for (const auto& [name, value] : spec.env)
    out.text(std::string(name).append("=").append(value));
  out.close_array();
  write_labels(out, spec.labels);
  write_host_config(out, spec);
  return finished(out.close_object());
}

result<std::string> encode_exec(const std::vector<std::string>& argv) {
  if (argv.empty() || std::any_of(argv.begin(), argv.end(), has_nul))
    return {ec::general_argument_invalid, "command: must not be empty or contain NUL"};
  json::writer out;
  out.open_object().key("AttachStdout").boolean(true).key("AttachStderr").boolean(true);
  write_texts(out.key("Cmd"), argv);
  return finished(out.close_object());
}

result<std::string> encode_network(const std::string& name, bool apart) {
  if (!is_valid_name(name))
    return {ec::general_argument_invalid, "network: a letter or digit, then letters, digits, '_', '.', '-'"};
  json::writer out;
  out.open_object().key("Name").text(name).key("Driver").text("bridge");
  if (apart)
    out.key("Options").open_object().key("com.docker.network.bridge.enable_icc").text("false").close_object();
  return finished(out.key("CheckDuplicate").boolean(true).close_object());
}

result<std::string> encode_connection(const std::string& container) {
  if (!is_valid_name(container))
    return {ec::general_argument_invalid,
            "container: a letter or digit, then letters, digits, '_', '.', '-'"};
  json::writer out;
  return finished(out.open_object().key("Container").text(container).close_object());
}

result<std::string> encode_login(const registry_login& login) {
  if (login.username.empty())
    return std::string{};
  json::writer out;
  out.open_object().key("username").text(login.username).key("password").text(login.password);
  auto text = finished(out.key("serveraddress").text(login.registry).close_object());
  return text ? result<std::string>(base64_url(*text)) : std::move(text);
}

} // namespace opr::docker
