#pragma once

#include "core/error.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace opr {

/// What an operator bounds. Whatever is beyond is refused at once and says which it was.
enum class bound : uint8_t {
  executions,  ///< In flight in all: `max_executions`.
  concurrency, ///< Executions that wait for their turn in one runtime: `max_queue`.
  runtimes,    ///< `max_runtimes`
  memory,      ///< That runtimes may use together: `max_memory`.
  builds,      ///< In flight: `max_builds`.
};
inline constexpr std::size_t bound_count = static_cast<std::size_t>(bound::builds) + 1;

/// As in the health: `executions`, `concurrency`, …
std::string_view to_string(bound which) noexcept;

/// How often each limit has refused something.
class refusals {
public:
  /// Counts one more. @returns What to answer: `limit_reached`, with a detail that names the limit.
  failure count(bound which);
  std::vector<std::pair<std::string, uint64_t>> figures() const; ///< By the limits' names.

private:
  std::array<std::atomic<uint64_t>, bound_count> counts_{};
};

/// What runtimes take, or may take, of an executor. In limits 0 stands for no limit.
struct room {
  uint64_t runtimes = 0;
  uint64_t memory_mb = 0;

  room& operator+=(const room& more) noexcept {
    runtimes += more.runtimes;
    memory_mb += more.memory_mb;
    return *this;
  }
  room& operator-=(const room& less) noexcept {
    runtimes -= less.runtimes;
    memory_mb -= less.memory_mb;
    return *this;
  }
};

/// The limit that `wanted` is beyond, if any.
std::optional<bound> exceeded(const room& limits, const room& wanted) noexcept;

} // namespace opr
