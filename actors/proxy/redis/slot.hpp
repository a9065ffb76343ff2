#pragma once

#include <cstdint>
#include <string_view>

namespace opr::redis {

inline constexpr uint16_t slots = 16384;

/// The slot of a cluster that a key belongs to: of what stands in its first `{…}`, if anything does.
/// @note As in the Redis Cluster specification, "Hash tags".
uint16_t slot_of(std::string_view key) noexcept;

} // namespace opr::redis
