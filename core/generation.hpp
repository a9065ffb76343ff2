#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace opr {

/// A generation of the protocol between executor and runtime. Later ones compare greater.
enum class generation : uint8_t { v2, v3, v4, v5 };

/// What an image of one generation expects of its container.
struct generation_facts {
  std::string_view name;
  std::string_view build_mount; ///< Where the build folder is seen; the source folder is always `/tmp`.
  std::string_view working_dir; ///< Empty: the image's own.
  std::string_view secret_env;
  std::string_view entrypoint_env;
  std::string_view hostname_env;     ///< Carries the executor's name.
  std::string_view stock_build_line; ///< Run when a build names a destination but no command.
  std::string_view
      stock_start_line;  ///< Starts an execution's container when it names none. Empty: the image's.
  bool has_log_files;    ///< Executions leave their logs in files in `/mnt/logs`, which is mounted.
  bool mounts_logging;   ///< `/tmp/logging`, where builds log, is a mount of its own, not a part of `/tmp`.
  bool announces_limits; ///< The limits of the container are told in its environment.
};

namespace detail {

inline constexpr std::string_view stock_build =
    "tar -zxf /tmp/code.tar.gz -C /mnt/code && bash helpers/build.sh \"\"";
inline constexpr std::string_view stock_start =
    "cp /tmp/code.tar.gz /mnt/code/code.tar.gz && nohup helpers/start.sh \"bash helpers/server.sh\"";

constexpr generation_facts open_runtimes(std::string_view name, bool log_files, bool logging, bool limits) {
  return {name,
          "/mnt/code",
          "",
          "OPEN_RUNTIMES_SECRET",
          "OPEN_RUNTIMES_ENTRYPOINT",
          "OPEN_RUNTIMES_HOSTNAME",
          stock_build,
          stock_start,
          log_files,
          logging,
          limits};
}

} // namespace detail

/// In the order of the enum. The misspelt name is the one that runtimes read.
inline constexpr std::array generations{
    generation_facts{"v2", "/usr/code", "/usr/code", "INTERNAL_RUNTIME_KEY", "INTERNAL_RUNTIME_ENTRYPOINT",
                     "INERNAL_EXECUTOR_HOSTNAME",
                     "tar -zxf /tmp/code.tar.gz -C /usr/code && cd /usr/local/src/ && ./build.sh", "", false,
                     false, false},
    detail::open_runtimes("v3", false, false, false),
    detail::open_runtimes("v4", true, false, true),
    detail::open_runtimes("v5", true, true, true),
};

constexpr const generation_facts& facts(generation of) noexcept {
  return generations[static_cast<std::size_t>(of)];
}

/// The generation of that name: `v5`.
constexpr std::optional<generation> parse_generation(std::string_view name) noexcept {
  for (std::size_t i = 0; i < generations.size(); ++i)
    if (generations[i].name == name)
      return static_cast<generation>(i);
  return std::nullopt;
}

/// The generation that an image's tag tells: `openruntimes/node:v5-18.0` → v5.
constexpr std::optional<generation> generation_of_image(std::string_view image) noexcept {
  auto slash = image.rfind('/');
  auto colon = image.find(':', slash == std::string_view::npos ? 0 : slash);
  if (colon == std::string_view::npos)
    return std::nullopt;
  auto tag = image.substr(colon + 1);
  return parse_generation(tag.substr(0, tag.find('-')));
}

} // namespace opr
