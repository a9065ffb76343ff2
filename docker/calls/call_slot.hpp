#pragma once

#include "net/http_client.hpp"

#include <memory>
#include <mutex>
#include <utility>

namespace opr::docker {

/// The call that an operation of several steps has under way. Any thread.
class call_slot {
public:
  /// Takes a step's call; cancels it at once if the operation was cancelled before. The answer to a call may
  /// start the next step before whoever sent the first gets here: the later step stays.
  void put(unsigned step, std::shared_ptr<net::call> call) {
    std::unique_lock lock(mutex_);
    if (step < step_)
      return;
    step_ = step;
    current_ = std::move(call);
    if (cancelled_)
      cancel_current(std::move(lock));
  }

  /// Ends the call under way, and every later one as it comes.
  void cancel() {
    std::unique_lock lock(mutex_);
    cancelled_ = true;
    cancel_current(std::move(lock));
  }

private:
  void cancel_current(std::unique_lock<std::mutex> lock) {
    auto current = current_;
    lock.unlock(); // the call may answer at once, and its reader put the next one
    if (current)
      current->cancel();
  }

  std::mutex mutex_;
  unsigned step_ = 0;
  std::shared_ptr<net::call> current_;
  bool cancelled_ = false;
};

} // namespace opr::docker
