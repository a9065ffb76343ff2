#pragma once

#include "core/clock.hpp"

#include <algorithm>
#include <optional>
#include <set>

namespace opr {

/// When an actor wants to be told, by a tick that it sends itself, that time has passed. A tick can't be
/// taken back once it is on its way; if each that comes were followed by another, every moment that is put
/// forward would leave one more of them for ever.
class next_tick {
public:
  /// Wants to be told at that moment, or earlier if that was wanted before.
  /// @returns In how long a tick is to be sent; nothing if one comes by then.
  std::optional<clock::duration> by(time_point at, time_point now) {
    at_ = std::min(at_, at);
    if (at_ == time_point::max() || (!on_their_way_.empty() && *on_their_way_.begin() <= at_))
      return std::nullopt;
    on_their_way_.insert(at_);
    return std::max(clock::duration::zero(), at_ - now);
  }

  /// A tick has come. @returns Whether the moment has; then no other is wanted yet. If not, `by` is to be
  /// called with what is `wanted`.
  bool came(time_point now) {
    on_their_way_.erase(on_their_way_.begin(), on_their_way_.upper_bound(now));
    if (now < at_)
      return false;
    at_ = time_point::max();
    return true;
  }

  time_point wanted() const noexcept { return at_; }

private:
  time_point at_ = time_point::max();
  std::set<time_point> on_their_way_;
};

} // namespace opr
