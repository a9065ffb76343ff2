#include "actors/executor/limits.hpp"

#include <cstddef>

namespace opr {

namespace {

struct bound_words {
  std::string_view name;
  std::string_view refusal;
};

// clang-format off
constexpr std::array<bound_words, bound_count> words{{
  {"executions",  "Too many executions are in flight on this executor (max_executions)."},
  {"concurrency", "Too many executions wait for this runtime (max_queue)."},
  {"runtimes",    "The executor has as many runtimes as it may, all of them busy (max_runtimes)."},
  {"memory",      "Busy runtimes take all the memory that runtimes may have (max_memory)."},
  {"builds",      "Too many builds are in flight on this executor (max_builds)."},
}};
// clang-format on

const bound_words& words_of(bound which) noexcept { return words[static_cast<std::size_t>(which)]; }

} // namespace

std::string_view to_string(bound which) noexcept { return words_of(which).name; }

failure refusals::count(bound which) {
  counts_[static_cast<std::size_t>(which)].fetch_add(1, std::memory_order_relaxed);
  return {ec::limit_reached, std::string(words_of(which).refusal)};
}

std::vector<std::pair<std::string, uint64_t>> refusals::figures() const {
  std::vector<std::pair<std::string, uint64_t>> all;
  for (std::size_t i = 0; i < bound_count; ++i)
    all.emplace_back(words[i].name, counts_[i].load(std::memory_order_relaxed));
  return all;
}

std::optional<bound> exceeded(const room& limits, const room& wanted) noexcept {
  if (limits.runtimes != 0 && wanted.runtimes > limits.runtimes)
    return bound::runtimes;
  if (limits.memory_mb != 0 && wanted.memory_mb > limits.memory_mb)
    return bound::memory;
  return std::nullopt;
}

} // namespace opr
