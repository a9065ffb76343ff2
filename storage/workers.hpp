#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace opr::storage {

/// A few threads for work that blocks: copying, reading log files, removing folders. One queue, so that a
/// long job never has a short one waiting behind it while a thread is idle.
class workers {
public:
  explicit workers(unsigned threads);
  ~workers(); ///< As `stop`.

  workers(const workers&) = delete;
  workers& operator=(const workers&) = delete;

  /// Queues a job; any thread. It must not throw.
  /// @returns False if `stop` was called before: then the job was not taken and will not run.
  [[nodiscard]] bool run(std::function<void()> job);

  /// Takes no more jobs, runs every one taken before to its end, and joins the threads. A long job looks at
  /// `stopping` between its steps. May be called again, but not from a job.
  void stop();

  bool stopping() const noexcept { return stopping_; }

private:
  void work();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> jobs_;
  std::atomic<bool> stopping_{false}; ///< Written under the mutex.
  std::vector<std::thread> threads_;
};

} // namespace opr::storage
