#pragma once

#include "actors/executor/container_plan.hpp"
#include "core/requests.hpp"
#include "core/result.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace opr {

/// What the next life of an executor must know to take over a runtime's container, besides what the Engine
/// says of it. Written before the container is created, so that there is no container without it.
struct runtime_record {
  std::string executor;
  std::string runtime_id;
  std::string hostname; ///< The container's; new for each, and so tells whether this is its record.
  std::string secret;
  std::string network;
  std::string image;
  generation version = generation::v5;
  double created = 0; ///< Unix seconds.
  double cpus = 0;
  uint64_t memory_mb = 0;
  unsigned concurrency = 0; ///< Executions that it serves at once; 0: any number.
  bool builds = false;      ///< It was made to build: whether it has done so can't be told later.
};

runtime_record record_of(const runtime_request& request, purpose why, const container_facts& container);

/// The record as a text; nothing if a value has a line break in it.
std::optional<std::string> encode_record(const runtime_record& what);

/// Reads that text; nothing if it is of another version of this program's format, or incomplete.
std::optional<runtime_record> decode_record(std::string_view text);

/// Writes the record beside a runtime's folders, outside of all that its container sees, for nobody else to
/// read. Blocks for the disk.
result<done> write_record(const runtime_folders& folders, const runtime_record& what);

/// Reads it back; nothing if it isn't there, isn't this executor's own, or others could have read or written
/// it. Blocks for the disk.
std::optional<runtime_record> read_record(const runtime_folders& folders, const std::string& executor,
                                          const std::string& runtime_id);

} // namespace opr
