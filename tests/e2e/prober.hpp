#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <future>
#include <map>
#include <mutex>
#include <utility>

namespace opr::test {

/// Asks one request after the other, and counts how they end.
class prober {
public:
  /// @param ask Sends a request, waits for its answer and gives its status; 0: there was none.
  explicit prober(std::function<unsigned()> ask)
      : ask_(std::move(ask)), asking_(std::async(std::launch::async, [this] {
          while (!ends_)
            note(ask_());
        })) {}
  ~prober() { ends_ = true; }
  prober(const prober&) = delete;
  prober& operator=(const prober&) = delete;

  std::size_t count(unsigned status) const {
    std::lock_guard lock{mutex_};
    auto found = counts_.find(status);
    return found == counts_.end() ? 0 : found->second;
  }
  /// How many were not answered with a 200.
  std::size_t failed() const {
    std::size_t all = 0;
    std::lock_guard lock{mutex_};
    for (const auto& [status, times] : counts_)
      all += status == 200 ? 0 : times;
    return all;
  }

private:
  void note(unsigned status) {
    std::lock_guard lock{mutex_};
    ++counts_[status];
  }

  const std::function<unsigned()> ask_;
  std::atomic<bool> ends_{false};
  mutable std::mutex mutex_;
  std::map<unsigned, std::size_t> counts_;
  std::future<void> asking_; // Ends before what it uses.
};

} // namespace opr::test
