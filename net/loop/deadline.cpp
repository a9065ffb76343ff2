#include "net/loop/deadline.hpp"

namespace opr::net {

void deadline_queue::set(deadline& what, time_point at) {
  what.take_back();
  what.at_ = at;
  // Most deadlines are later than all others: the hint makes those cheap.
  waiting_.insert(waiting_.end(), what);
}

time_point deadline_queue::next() const noexcept {
  return waiting_.empty() ? time_point::max() : waiting_.begin()->at_;
}

void deadline_queue::tell_due(time_point now) {
  while (!waiting_.empty() && waiting_.begin()->at_ <= now) {
    auto& due = *waiting_.begin();
    due.take_back();
    due.on_deadline();
  }
}

void alarm_clock::set(deadline& what, time_point at) {
  queue_.set(what, at);
  if (at < wound_for_)
    wind(at);
}

void alarm_clock::wind(time_point at) {
  wound_for_ = at;
  timer_.expires_at(at);
  timer_.async_wait([this](boost::system::error_code why) {
    if (!why)
      ring();
  });
}

void alarm_clock::ring() {
  wound_for_ = time_point::min(); // Whatever is set meanwhile, it's wound once, below.
  queue_.tell_due(clock::now());
  wound_for_ = time_point::max();
  if (queue_.next() < wound_for_)
    wind(queue_.next());
}

} // namespace opr::net
