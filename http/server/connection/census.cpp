#include "http/server/connection/census.hpp"

namespace opr::http {

void census::opened() {
  std::lock_guard lock(mutex_);
  ++open_;
  ++undone_;
}

void census::done() {
  std::lock_guard lock(mutex_);
  if (--undone_ == 0)
    all_done_.notify_all();
}

void census::closed() {
  std::lock_guard lock(mutex_);
  --open_;
}

size_t census::open() const {
  std::lock_guard lock(mutex_);
  return open_;
}

bool census::await_all_done(time_point deadline) {
  std::unique_lock lock(mutex_);
  return all_done_.wait_until(lock, deadline, [this] { return undone_ == 0; });
}

} // namespace opr::http
