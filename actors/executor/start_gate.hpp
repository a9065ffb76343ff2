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
/// asked, those that somebody waits for first: beyond the number of cores, more at once only makes each
/// slower.
class start_gate {
public:
  explicit start_gate(std::size_t places) : places_(places) {}

  /// Asks for a place; true if it is given at once, else it comes out of `leave` later.
  /// @param urgent It goes before all that aren't: a cold start before builds.
  bool enter(std::string id, bool urgent) {
    if (inside_.size() < places_)
      return inside_.insert(std::move(id)).second;
    (urgent ? urgent_ : queue_).push_back(std::move(id));
    return false;
  }

  /// Gives up a place, or the wish for one; says who gets it. Whoever isn't there is ignored.
  std::optional<std::string> leave(const std::string& id) {
    if (inside_.erase(id) == 0) {
      for (auto* each : {&urgent_, &queue_})
        each->erase(std::remove(each->begin(), each->end(), id), each->end());
      return std::nullopt;
    }
    auto& from = urgent_.empty() ? queue_ : urgent_;
    if (from.empty())
      return std::nullopt;
    auto next = std::move(from.front());
    from.pop_front();
    inside_.insert(next);
    return next;
  }

  std::size_t inside() const noexcept { return inside_.size(); }
  std::size_t queued() const noexcept { return urgent_.size() + queue_.size(); }

private:
  std::size_t places_;
  std::set<std::string> inside_;
  std::deque<std::string> urgent_;
  std::deque<std::string> queue_;
};

} // namespace opr
