#include "http/api/answer/late_answer.hpp"

namespace opr::http {

bool late_answer::begun() const {
  std::lock_guard lock(mutex_);
  return at_ != phase::waiting;
}

void late_answer::begin(response head) {
  responder out;
  {
    std::lock_guard lock(mutex_);
    if (at_ != phase::waiting)
      return;
    at_ = phase::begun;
    out = out_;
  }
  out.start(std::move(head));
}

void late_answer::write(std::string piece) { current().write(std::move(piece)); }

void late_answer::finish() { end().first.finish(); }

void late_answer::fail(response error) {
  auto [out, before] = end();
  if (before == phase::waiting)
    out.send(std::move(error));
  // Else the responder goes here, or with a piece that is being written, and so cuts the answer.
}

void late_answer::cut() { end(); }

std::size_t late_answer::pending() const { return current().pending(); }

void late_answer::on_drained(std::function<void()> call) const {
  auto out = current();
  out ? out.on_drained(std::move(call)) : call();
}

void late_answer::on_gone(std::function<void()> call) const {
  auto out = current();
  out ? out.on_gone(std::move(call)) : call();
}

bool late_answer::gone() const {
  auto out = current();
  return !out || out.gone();
}

/// A copy, so that the answer isn't cut in the middle of a call; empty when it is over.
responder late_answer::current() const {
  std::lock_guard lock(mutex_);
  return out_;
}

std::pair<responder, late_answer::phase> late_answer::end() {
  std::lock_guard lock(mutex_);
  return {std::exchange(out_, responder{}), std::exchange(at_, phase::over)};
}

} // namespace opr::http
