#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <utility>

namespace opr {

/// Lets a limited number in at once; costs no lock. Any thread.
class gate {
public:
  /// @param on_room Called by whoever leaves, once after each `expect`.
  explicit gate(unsigned limit, std::function<void()> on_room = {})
      : limit_(limit), on_room_(std::move(on_room)) {}

  bool enter() noexcept {
    auto inside = inside_.load();
    while (inside < limit_)
      if (inside_.compare_exchange_weak(inside, inside + 1))
        return true;
    return false;
  }
  void leave() {
    inside_.fetch_sub(1);
    if (on_room_ && expected_.load() && expected_.exchange(false))
      on_room_();
  }
  /// Somebody waits for room: to be said before the attempt to enter that may fail, so that a place which
  /// becomes free right after it is told of.
  void expect() noexcept { expected_.store(true); }

  unsigned inside() const noexcept { return inside_.load(); }

private:
  const unsigned limit_;
  const std::function<void()> on_room_;
  std::atomic<unsigned> inside_{0};
  std::atomic<bool> expected_{false};
};

/// @param most 0: any number, for which no gate is needed.
inline std::shared_ptr<gate> make_gate(unsigned most) {
  return most == 0 ? nullptr : std::make_shared<gate>(most);
}

/// A place inside a gate, which is left when this goes. One that is empty stands for none.
class place {
public:
  place() = default;
  /// Enters, if there is room; without a gate there always is, and no place is needed.
  static bool enter(const std::shared_ptr<gate>& where, place& into) {
    if (!where)
      return true;
    if (!where->enter())
      return false;
    into = place(where);
    return true;
  }
  place(place&& other) noexcept : where_(std::move(other.where_)) {}
  place& operator=(place&& other) noexcept {
    leave();
    where_ = std::move(other.where_);
    return *this;
  }
  place(const place&) = delete;
  place& operator=(const place&) = delete;
  ~place() { leave(); }

  explicit operator bool() const noexcept { return where_ != nullptr; }
  void leave() noexcept {
    if (auto where = std::exchange(where_, nullptr))
      where->leave();
  }

private:
  explicit place(std::shared_ptr<gate> where) : where_(std::move(where)) {}

  std::shared_ptr<gate> where_;
};

} // namespace opr
