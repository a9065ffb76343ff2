#include "actors/proxy/routing.hpp"

#include <array>
#include <utility>

namespace opr {

namespace {

constexpr double load_margin = 1.25;
constexpr double free_load = 32;

/// FNV-1a: the same in every proxy, on every machine, in every version.
uint64_t digest(std::string_view text) noexcept {
  uint64_t hash = 14695981039346656037ULL;
  for (unsigned char c : text)
    hash = (hash ^ c) * 1099511628211ULL;
  return hash;
}

/// Spreads the bits of a number over all of it (the finish of SplitMix64).
uint64_t mix(uint64_t x) noexcept {
  x = (x ^ (x >> 30U)) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ (x >> 27U)) * 0x94d049bb133111ebULL;
  return x ^ (x >> 31U);
}

/// Rendezvous hashing: who scores highest for a runtime owns it. When an owner leaves, only its runtimes
/// move.
uint64_t score(uint64_t runtime, std::string_view executor) noexcept {
  return mix(runtime ^ mix(digest(executor)));
}

/// The n-th that is fit, from 0.
template <class Fit>
std::size_t nth(const std::vector<standing>& all, std::size_t n, const Fit& is_fit) {
  std::size_t i = 0;
  for (;; ++i)
    if (is_fit(all[i]) && n-- == 0)
      return i;
}

template <class Fit>
std::size_t owner(const std::vector<standing>& all, std::string_view runtime_id, const Fit& is_fit) {
  const auto runtime = digest(runtime_id);
  std::size_t best = 0;
  std::optional<uint64_t> highest;
  for (std::size_t i = 0; i < all.size(); ++i)
    if (is_fit(all[i]))
      if (auto points = score(runtime, all[i].name); !highest || points > *highest) {
        highest = points;
        best = i;
      }
  return best;
}

/// One of those that are fit, by the algorithm.
template <class Fit>
std::optional<std::size_t> pick(const std::vector<standing>& all, const wish& what, algorithm by,
                                const Fit& is_fit) {
  std::size_t count = 0;
  for (const auto& one : all)
    count += is_fit(one) ? 1 : 0;
  if (count == 0)
    return std::nullopt;
  switch (by) {
  case algorithm::round_robin:
    return nth(all, what.turn % count, is_fit);
  case algorithm::first:
    return nth(all, 0, is_fit);
  case algorithm::last:
    return nth(all, count - 1, is_fit);
  case algorithm::hash:
    if (!what.runtime_id.empty())
      return owner(all, what.runtime_id, is_fit);
    break;
  case algorithm::random:
    break;
  }
  return nth(all, what.chance % count, is_fit);
}

bool is_left(const standing& one) noexcept { return one.reachable && !one.tried; }

bool is_online(const standing& one) noexcept { return is_left(one) && one.online; }

bool has_room(const standing& one) noexcept { return is_online(one) && one.usage < busy_usage; }

bool is_warm(const standing& one) noexcept {
  return is_online(one) && one.runtime && one.runtime->passes && one.runtime->usage < busy_usage;
}

using fitness = bool (*)(const standing&) noexcept;

std::optional<std::size_t> choose_efficient(const std::vector<standing>& all, const wish& what) {
  constexpr std::array<fitness, 3> tiers{is_warm, has_room, is_online};
  if (what.by == algorithm::hash) {
    const auto limit = hash_limit(all);
    for (auto tier : tiers)
      if (auto found = pick(all, what, what.by,
                            [=](const standing& one) { return tier(one) && one.in_flight <= limit; }))
        return found;
  }
  for (auto tier : tiers)
    if (auto found = pick(all, what, what.by, tier))
      return found;
  return pick(all, what, what.by, is_left);
}

} // namespace

std::optional<algorithm> parse_algorithm(std::string_view word) noexcept {
  constexpr std::array<std::pair<std::string_view, algorithm>, 5> words{{
      {"round-robin", algorithm::round_robin},
      {"random", algorithm::random},
      {"first", algorithm::first},
      {"last", algorithm::last},
      {"hash", algorithm::hash},
  }};
  for (auto [name, meant] : words)
    if (name == word)
      return meant;
  return std::nullopt;
}

std::optional<addressing> parse_addressing(std::string_view word) noexcept {
  if (word == "anycast-efficient")
    return addressing::efficient;
  if (word == "anycast-fast")
    return addressing::fast;
  if (word == "broadcast")
    return addressing::broadcast;
  return std::nullopt;
}

double hash_limit(const std::vector<standing>& all) noexcept {
  double in_flight = 0;
  double count = 0;
  for (const auto& one : all)
    if (one.online && one.reachable) {
      in_flight += one.in_flight;
      ++count;
    }
  return count == 0 ? free_load : load_margin * in_flight / count + free_load;
}

std::optional<std::size_t> choose(const std::vector<standing>& all, const wish& what) {
  if (what.method == addressing::efficient)
    return choose_efficient(all, what);
  if (auto found = pick(all, what, algorithm::random, is_online))
    return found;
  return pick(all, what, algorithm::random, is_left);
}

std::vector<std::size_t> audience(const std::vector<standing>& all) {
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < all.size(); ++i)
    if (is_online(all[i]))
      found.push_back(i);
  return found;
}

} // namespace opr
