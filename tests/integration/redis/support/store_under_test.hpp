#pragma once

#include "actors/proxy/redis_store.hpp"

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

namespace opr::test {

/// A store, and what it has told of the others. No wait is longer than 30 s: one that is fails the test.
class store_under_test {
public:
  explicit store_under_test(const std::string& dsn);

  state_store& operator*() { return *store_; }
  state_store* operator->() { return store_.get(); }

  /// Waits for a view of which this is true. @returns It.
  executors_view wait_for(const std::function<bool(const executors_view&)>& is_so);
  /// Waits for a view in which the executor has that runtime.
  executors_view wait_for(const std::string& executor, const std::string& runtime_id);
  /// Waits for the next view that is read.
  executors_view next();
  void wait_for_trouble(bool is_in_trouble);
  /// Waits for a trouble that is told with this word; of others there may be one before.
  void wait_for_trouble_with(const std::string& word);
  /// Ends the store.
  void end() { store_.reset(); }

private:
  std::mutex mutex_;
  std::condition_variable came_;
  executors_view_ptr last_;
  int views_ = 0;
  std::unique_ptr<state_store> store_; // last: tells the others
};

/// Does something and says how long it took.
template <class F>
std::chrono::nanoseconds time_of(F what) {
  auto began = std::chrono::steady_clock::now();
  what();
  return std::chrono::steady_clock::now() - began;
}

bool has_runtime(const executors_view& view, const std::string& executor, const std::string& runtime_id);

} // namespace opr::test
