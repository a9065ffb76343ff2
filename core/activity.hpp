#pragma once

#include "core/clock.hpp"

#include <atomic>
#include <memory>
#include <utility>

namespace opr {

/// What is going on in a runtime, seen from any thread: decides whether it is idle.
struct activity {
  std::atomic<unsigned> in_flight{0};
  std::atomic<clock::rep> last_used{0}; ///< Ticks of `clock`: the end of the last execution that was served.

  void touch(time_point now) noexcept {
    last_used.store(now.time_since_epoch().count(), std::memory_order_relaxed);
  }
  time_point used_at() const noexcept {
    return time_point{clock::duration{last_used.load(std::memory_order_relaxed)}};
  }
  bool idle_since(time_point limit) const noexcept {
    return in_flight.load(std::memory_order_acquire) == 0 &&
           last_used.load(std::memory_order_relaxed) <= limit.time_since_epoch().count();
  }
};

/// Keeps a runtime from being taken for idle as long as it lives.
class claim {
public:
  claim() = default;
  explicit claim(std::shared_ptr<activity> on) : on_(std::move(on)) {
    if (on_)
      on_->in_flight.fetch_add(1, std::memory_order_relaxed);
  }
  claim(claim&& other) noexcept : on_(std::move(other.on_)) {}
  claim& operator=(claim&& other) noexcept {
    release();
    on_ = std::move(other.on_);
    return *this;
  }
  claim(const claim&) = delete;
  claim& operator=(const claim&) = delete;
  ~claim() { release(); }

  /// Ends the claim. Only work that was really served restarts the idle clock: see `served`.
  void release() noexcept {
    if (auto on = std::exchange(on_, nullptr))
      on->in_flight.fetch_sub(1, std::memory_order_release);
  }
  /// Restarts the idle clock, then ends the claim.
  void served(time_point now) noexcept {
    if (on_)
      on_->touch(now);
    release();
  }

private:
  std::shared_ptr<activity> on_;
};

} // namespace opr
