#include "http/server/connection/front_thread.hpp"

namespace opr::http {

void front_thread::open(task knock) {
  std::lock_guard lock(mutex_);
  knock_ = std::move(knock);
}

void front_thread::close() {
  std::vector<task> dropped;
  std::lock_guard lock(mutex_);
  knock_ = nullptr;
  dropped.swap(tasks_);
}

void front_thread::add(task work, bool always_knock) {
  std::lock_guard lock(mutex_);
  if (!knock_)
    return;
  tasks_.push_back(std::move(work));
  const bool is_first = !has_tasks_.exchange(true);
  const bool is_away = id_.load() != std::this_thread::get_id(); // else it comes by when its event is handled
  if (is_away && (is_first || always_knock))
    knock_();
}

void front_thread::run() {
  id_.store(std::this_thread::get_id(), std::memory_order_relaxed);
  while (has_tasks_.load(std::memory_order_acquire)) {
    std::vector<task> tasks;
    {
      std::lock_guard lock(mutex_);
      tasks.swap(tasks_);
      has_tasks_.store(false);
    }
    for (const auto& work : tasks)
      work();
  }
}

} // namespace opr::http
