#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace opr::http {

/// Work for the front end's thread: whatever touches the reading side of a connection runs there. The thread
/// belongs to Pistache; it calls `run` after each of its events, and `knock` makes it have one.
class front_thread {
public:
  using task = std::function<void()>;

  /// @param knock Brings about a call of `run` on the thread, from any thread; may be called under a lock.
  void open(task knock);
  /// Nothing is taken on, and nobody knocks, from here on.
  void close();

  /// Runs `work` on the thread, soon; drops it when closed.
  void post(task work) { add(std::move(work), false); }
  /// The same, and knocks in any case: done at intervals, it makes up for a knock that was lost.
  void post_and_knock(task work) { add(std::move(work), true); }
  /// On the thread: does what was posted.
  void run();

private:
  void add(task work, bool always_knock);

  std::mutex mutex_;
  task knock_;
  std::vector<task> tasks_;
  std::atomic<bool> has_tasks_{false};
  std::atomic<std::thread::id> id_{};
};

} // namespace opr::http
