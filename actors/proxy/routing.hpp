#pragma once

#include "actors/proxy/view.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

// Which executor gets a request. Pure: no clock, no chance of its own, no state.

namespace opr {

/// How one of several equally fit executors is chosen.
enum class algorithm : uint8_t {
  round_robin,
  random,
  first,
  last,
  hash, ///< By rendezvous hashing of the runtime id; random where there is none.
};

/// Whom a request is meant for.
enum class addressing : uint8_t {
  efficient, ///< One: where its runtime is, else where there is room.
  fast,      ///< One: any that is online, by chance.
  broadcast, ///< All that are online.
};

/// The word of the settings; nothing for a word that is none.
std::optional<algorithm> parse_algorithm(std::string_view word) noexcept;
/// The word of the header `x-opr-addressing-method`.
std::optional<addressing> parse_addressing(std::string_view word) noexcept;

/// How an executor stands at one moment towards one request.
struct standing {
  std::string_view name;
  bool online = true;    ///< As its health checks say.
  bool reachable = true; ///< Its circuit is closed: it could be connected to.
  bool tried = false;    ///< This very request couldn't be sent there.
  double usage = 0;      ///< Percent of the host.
  unsigned in_flight = 0;
  std::optional<runtime_view> runtime; ///< Of the runtime that is asked for, if it is there.
};

/// What a request asks for.
struct wish {
  std::string_view runtime_id; ///< May be empty.
  addressing method = addressing::efficient;
  algorithm by = algorithm::random;
  uint64_t turn = 0;   ///< For round-robin: one more for each request.
  uint64_t chance = 0; ///< Any number.
};

/// Above this percentage an executor, or a runtime, is no first choice.
inline constexpr double busy_usage = 80;

/// The best of those that can be connected to and weren't tried; by `efficient`, in this order: where the
/// runtime is up and not busy, where the host isn't busy, online ones, any. With `hash` one that has far more
/// requests in flight than the others is passed over.
/// @returns Its index, or nothing if nobody is left.
std::optional<std::size_t> choose(const std::vector<standing>& all, const wish& what);

/// The indices of all that a broadcast goes to.
std::vector<std::size_t> audience(const std::vector<standing>& all);

/// Above this many requests in flight an executor is passed over by `hash`: a quarter more than the mean of
/// those that are online, and some for free, so that a runtime that is called often stays where it is.
double hash_limit(const std::vector<standing>& all) noexcept;

} // namespace opr
