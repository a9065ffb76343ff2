#include "actors/executor/container_plan.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>

namespace opr {

namespace {

bool ends_with(std::string_view text, std::string_view tail) {
  return text.size() >= tail.size() && text.substr(text.size() - tail.size()) == tail;
}

/// The shortest decimal form: 1, 0.5.
std::string decimal(double value) {
  std::array<char, 32> text{};
  auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} ? std::string(text.data(), end) : std::string("0");
}

/// Quoted so that a POSIX shell sees exactly these bytes as one word.
std::string shell_quoted(std::string_view text) {
  std::string quoted = "'";
  for (char c : text)
    if (c == '\'')
      quoted += "'\\''";
    else
      quoted += c;
  return quoted + "'";
}

/// The generation's line; an archive that isn't one of its stock format is found by OPEN_RUNTIMES_CODE_PATH
/// instead of being copied under the stock name.
std::string_view stock_start_line(const runtime_request& request) {
  auto line = facts(request.version).stock_start_line;
  constexpr std::string_view then = " && ";
  if (!line.empty() && archive_name(request.source) != "code.tar.gz")
    line.remove_prefix(line.find(then) + then.size());
  return line;
}

std::vector<std::string> container_command(const runtime_request& request, purpose why) {
  if (!request.runtime_entrypoint.empty())
    return {"bash", "-c", request.runtime_entrypoint};
  if (auto stock = stock_start_line(request); why == purpose::execute && !stock.empty())
    return {"bash", "-c", std::string(stock)};
  if (request.version == generation::v2 && !has_build(request, why))
    return {};
  return {"tail", "-f", "/dev/null"};
}

/// The executor's own variables win over the user's: a runtime without its secret would answer anybody.
variable_list container_env(const runtime_request& request, const container_facts& with) {
  const auto& names = facts(request.version);
  variable_list own{{"CI", "true"},
                    {std::string(names.secret_env), with.secret},
                    {std::string(names.entrypoint_env), request.entrypoint},
                    {std::string(names.hostname_env), with.executor}};
  if (request.version != generation::v2) {
    own.emplace_back("INERNAL_EXECUTOR_HOSTNAME", with.executor);
    own.emplace_back("OPEN_RUNTIMES_CODE_PATH", "/tmp/" + archive_name(request.source));
  }
  if (names.announces_limits) {
    own.emplace_back("OPEN_RUNTIMES_CPUS", decimal(request.cpus));
    own.emplace_back("OPEN_RUNTIMES_MEMORY", std::to_string(request.memory_mb));
  }
  if (!request.output_directory.empty())
    own.emplace_back("OPEN_RUNTIMES_OUTPUT_DIRECTORY", request.output_directory);

  variable_list env;
  for (const auto& variable : request.variables)
    if (std::none_of(own.begin(), own.end(), [&](const auto& mine) { return mine.first == variable.first; }))
      env.push_back(variable);
  env.insert(env.end(), own.begin(), own.end());
  return env;
}

std::vector<docker::bind_mount> container_mounts(const runtime_request& request, purpose why,
                                                 const runtime_folders& folders) {
  const auto& expects = facts(request.version);
  std::vector<docker::bind_mount> mounts{{folders.source(), "/tmp"},
                                         {folders.build(), std::string(expects.build_mount)}};
  if (expects.has_log_files)
    mounts.push_back({folders.logs(), "/mnt/logs"});
  if (expects.mounts_logging)
    mounts.push_back({folders.logging(), "/tmp/logging"});
  if (has_build_cache(request, why))
    mounts.push_back({folders.cache(), "/cache"});
  return mounts;
}

} // namespace

std::string archive_name(const std::string& source) {
  for (std::string_view extension : {".tar", ".sqfs", ".erofs"})
    if (ends_with(source, extension))
      return "code" + std::string(extension);
  return "code.tar.gz";
}

bool has_build(const runtime_request& request, purpose why) {
  return why == purpose::create &&
         (!request.command.empty() || !request.commands.empty() || !request.destination.empty());
}

bool has_build_cache(const runtime_request& request, purpose why) {
  return !request.cache_key.empty() && has_build(request, why);
}

bool logs_to_files(const runtime_request& request) {
  return request.version != generation::v2 && (!request.command.empty() || request.commands.empty());
}

std::vector<std::string> build_argv(const runtime_request& request) {
  if (request.command.empty() && !request.commands.empty())
    return request.commands;
  auto line =
      request.command.empty() ? std::string(facts(request.version).stock_build_line) : request.command;
  if (request.version == generation::v2)
    return {"sh", "-c",
            "touch /var/tmp/logs.txt; (" + line +
                "\n) >> /var/tmp/logs.txt 2>&1; code=$?; cat /var/tmp/logs.txt; exit $code"};
  return {
      "bash", "-c",
      "mkdir -p /tmp/logging && touch /tmp/logging/timings.txt /tmp/logging/logs.txt && "
      "script --log-out /tmp/logging/logs.txt --flush --log-timing /tmp/logging/timings.txt --return --quiet "
      "--command " +
          shell_quoted(line)};
}

docker::container_spec plan_container(const runtime_request& request, purpose why,
                                      const container_facts& with) {
  docker::container_spec spec;
  spec.name = with.executor + "-" + request.runtime_id;
  spec.hostname = with.hostname;
  spec.image = request.image;
  spec.command = container_command(request, why);
  spec.env = container_env(request, with);
  spec.labels = {{owner_label, with.executor}, {runtime_label, request.runtime_id}};
  spec.working_dir =
      request.workdir.empty() ? std::string(facts(request.version).working_dir) : request.workdir;
  spec.network = with.network;
  spec.mounts = container_mounts(request, why, with.folders);
  spec.cpus = request.cpus;
  spec.memory_mb = request.memory_mb;
  spec.memory_swap_mb = with.memory_swap_mb;
  spec.restart_policy = request.restart_policy;
  return spec;
}

} // namespace opr
