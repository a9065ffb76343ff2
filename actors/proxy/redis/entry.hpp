#pragma once

#include "actors/proxy/view.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace opr::redis {

// What stands in Redis (wire contract, 6): the hash `{executors}` holds an entry for each executor by its
// name, the hash `{executors-runtimes}:<executor>` one for each of its runtimes by id. An entry is JSON:
// `{"status":"online","usage":12.5}`. Others write there too, so nothing that is read is trusted.

inline constexpr std::string_view executors_key = "{executors}";
/// `{executors-runtimes}:<executor>`.
std::string runtimes_key(std::string_view executor);

/// Online or offline; the runtimes stand elsewhere.
std::string encode_executor(const executor_view& what);
/// pass or offline.
std::string encode_runtime(const runtime_view& what);

/// @returns Nothing where it's no such entry. A usage that is missing is 0, one out of range becomes 0 or
/// 100.
std::optional<executor_view> decode_executor(std::string_view entry);
std::optional<runtime_view> decode_runtime(std::string_view entry);

/// Whether it may be the name of an executor or of a runtime: 1 to 255 bytes of ASCII without spaces and
/// control characters.
bool is_name(std::string_view text) noexcept;

} // namespace opr::redis
