#pragma once

#include "core/requests.hpp"
#include "docker/engine.hpp"

#include <string>
#include <vector>

namespace opr {

/// Labels by which an executor knows its containers again.
inline constexpr const char* owner_label = "openruntimes-executor";
inline constexpr const char* runtime_label = "openruntimes-runtime-id";

/// What a runtime is to do first.
enum class purpose : uint8_t {
  create,  ///< `POST /v1/runtimes`, with or without a build.
  execute, ///< A cold start.
};

/// Host folders of one runtime, all below `<data_dir>/<executor>-<runtimeId>`.
struct runtime_folders {
  std::string root;
  bool logs_in_source = false; ///< Builds log into a part of the source folder, not a mount of their own.
  std::string source() const { return root + "/src"; }
  std::string build() const { return root + "/builds"; }
  std::string logs() const { return root + "/logs"; }
  std::string logging() const { return root + (logs_in_source ? "/src/logging" : "/logging"); }
  std::string cache() const { return root + "/cache"; }
  std::vector<std::string> all() const { return {source(), build(), logs(), logging(), cache()}; }
};

/// Facts that a runtime's container is made from besides the request.
struct container_facts {
  std::string executor; ///< The executor's name.
  std::string hostname; ///< The container's.
  std::string secret;
  std::string network;
  double created = 0; ///< Unix seconds: when its id was taken.
  runtime_folders folders;
  uint64_t memory_swap_mb = 0;                ///< See `executor_policy`, as for the next.
  docker::container_isolation isolation = {}; ///< Of all runtimes.
};

/// The name of the source archive in the source folder, by the extension of its storage path: `code.tar`,
/// `code.sqfs`, `code.erofs`, else `code.tar.gz`.
std::string archive_name(const std::string& source);

/// Whether a command is to be run in the container before it counts as up.
bool has_build(const runtime_request& request, purpose why);

/// Whether the build shares a cache with others of its key.
bool has_build_cache(const runtime_request& request, purpose why);

/// The argv that runs the build in the container: the request's command, else the generation's stock line,
/// its output captured where the generation keeps it; or the first generation's argv as it is.
std::vector<std::string> build_argv(const runtime_request& request);

/// Whether the build's output is to be read from the files of `script`, not from the Engine.
bool logs_to_files(const runtime_request& request);

/// The container for a runtime, as section 2 of the wire contract has it.
docker::container_spec plan_container(const runtime_request& request, purpose why,
                                      const container_facts& with);

} // namespace opr
