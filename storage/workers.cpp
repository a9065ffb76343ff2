#include "storage/workers.hpp"

#include <utility>

namespace opr::storage {

workers::workers(unsigned threads) {
  threads_.reserve(threads);
  for (unsigned i = 0; i < threads; ++i)
    threads_.emplace_back([this] { work(); });
}

workers::~workers() { stop(); }

bool workers::run(std::function<void()> job) {
  std::lock_guard lock(mutex_);
  if (stopping_)
    return false;
  jobs_.push_back(std::move(job));
  changed_.notify_one();
  return true;
}

void workers::stop() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
    changed_.notify_all();
  }
  for (auto& thread : threads_)
    if (thread.joinable())
      thread.join();
}

void workers::work() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return stopping_ || !jobs_.empty(); });
    if (jobs_.empty())
      return;
    auto job = std::move(jobs_.front());
    jobs_.pop_front();
    lock.unlock();
    job();
    job = nullptr; // what it holds may take time to free, and may queue a job
    lock.lock();
  }
}

} // namespace opr::storage
