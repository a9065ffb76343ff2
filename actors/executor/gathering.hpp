#pragma once

#include "core/result.hpp"

#include <mutex>
#include <utility>

namespace opr {

/// Gathers the ends of several operations under way at once. Each of them holds it by a `shared_ptr`; when
/// the last lets go it answers: with the first failure, if there was one. Any thread.
class gathering {
public:
  explicit gathering(then<done> on_done) : answer_(std::move(on_done)) {}
  ~gathering() { answer_(std::move(outcome_)); }
  gathering(const gathering&) = delete;
  gathering& operator=(const gathering&) = delete;

  void take(result<done> one) {
    std::lock_guard lock{mutex_};
    if (!one && outcome_)
      outcome_ = std::move(one);
  }

private:
  std::mutex mutex_;
  result<done> outcome_ = done{};
  then<done> answer_;
};

} // namespace opr
