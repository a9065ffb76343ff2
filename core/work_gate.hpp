#pragma once

#include "core/clock.hpp"

#include <future>
#include <memory>
#include <mutex>
#include <utility>

namespace opr {

/// Lets work in and knows when it is done; once closed it lets in no more. Any thread.
class work_gate {
public:
  work_gate() {
    auto all_done = std::make_shared<std::promise<void>>();
    empty_ = all_done->get_future();
    inside_ = std::shared_ptr<void>{this, [all_done](void*) { all_done->set_value(); }};
  }
  work_gate(const work_gate&) = delete;
  work_gate& operator=(const work_gate&) = delete;

  /// Lets work in, which lasts as long as what this returns; nothing: the gate is closed.
  std::shared_ptr<void> enter() const {
    std::lock_guard lock{mutex_};
    return inside_;
  }

  void close() {
    std::shared_ptr<void> last; // Let go without the lock.
    std::lock_guard lock{mutex_};
    last = std::exchange(inside_, nullptr);
  }

  bool closed() const {
    std::lock_guard lock{mutex_};
    return inside_ == nullptr;
  }

  /// After `close`: waits until all work is done. Blocks the caller, who is one.
  /// @returns False when the deadline came first.
  bool await_empty(time_point deadline) { return empty_.wait_until(deadline) == std::future_status::ready; }

private:
  mutable std::mutex mutex_;
  std::shared_ptr<void> inside_; ///< Each piece of work has a share.
  std::future<void> empty_;
};

} // namespace opr
