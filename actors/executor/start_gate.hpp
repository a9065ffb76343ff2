#pragma once

#include <algorithm>
#include <cstddef>
#include <deque>
#include <optional>
#include <set>
#include <string>
#include <utility>

namespace opr {

/// Lets a limited number of runtimes start their containers at once, the others in the order in which they
/// asked: beyond the number of cores, more at once only makes each slower.
class start_gate {
public:
  explicit start_gate(std::size_t places) : places_(places) {}

  /// Asks for a place; true if it is given at once, else it comes out of `leave` later.
  bool enter(std::string id) {
    if (inside_.size() < places_)
      return inside_.insert(std::move(id)).second;
    queue_.push_back(std::move(id));
    return false;
  }

  /// Gives up a place, or the wish for one; says who gets it. Whoever isn't there is ignored.
  std::optional<std::string> leave(const std::string& id) {
    if (inside_.erase(id) == 0) {
      queue_.erase(std::remove(queue_.begin(), queue_.end(), id), queue_.end());
      return std::nullopt;
    }
    if (queue_.empty())
      return std::nullopt;
    auto next = std::move(queue_.front());
    queue_.pop_front();
    inside_.insert(next);
    return next;
  }

  std::size_t inside() const noexcept { return inside_.size(); }
  std::size_t queued() const noexcept { return queue_.size(); }

private:
  std::size_t places_;
  std::set<std::string> inside_;
  std::deque<std::string> queue_;
};

} // namespace opr
