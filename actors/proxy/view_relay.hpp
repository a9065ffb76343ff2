#pragma once

#include "actors/proxy/messages.hpp"
#include "actors/proxy/view.hpp"

#include <mutex>
#include <utility>

namespace opr {

/// Takes what a state store reads to the balancer, which is there only after the store.
class view_relay {
public:
  /// Any thread. While there is no balancer, the last view waits for it.
  void tell(executors_view_ptr view) {
    std::lock_guard lock(mutex_);
    last_ = std::move(view);
    pass_on();
  }

  void connect(balancer_actor to) {
    std::lock_guard lock(mutex_);
    to_ = std::move(to);
    pass_on();
  }

  /// Nothing is sent any more once this has returned.
  void disconnect() { connect({}); }

private:
  void pass_on() {
    if (to_ && last_)
      caf::anon_send(to_, std::exchange(last_, nullptr));
  }

  std::mutex mutex_;
  balancer_actor to_;
  executors_view_ptr last_;
};

} // namespace opr
