#pragma once

#include "core/clock.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/intrusive/set.hpp>

namespace opr::net {

/// Something that is told when its moment has come. Its destruction takes the deadline back. I/O thread only.
class deadline
    : public boost::intrusive::set_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
public:
  virtual ~deadline() = default;
  virtual void on_deadline() = 0;

  bool is_set() const noexcept { return is_linked(); }
  void take_back() noexcept {
    if (is_linked())
      unlink();
  }

  friend bool operator<(const deadline& a, const deadline& b) noexcept { return a.at_ < b.at_; }

private:
  friend class deadline_queue;
  time_point at_;
};

/// Deadlines by time; costs no memory of its own and no system call.
class deadline_queue {
public:
  /// Sets a deadline, in place of the one that `what` had.
  void set(deadline& what, time_point at);
  /// The moment of the next deadline, or `time_point::max()`.
  time_point next() const noexcept;
  /// Tells all that are due; they may set deadlines after `now` again.
  void tell_due(time_point now);

private:
  boost::intrusive::multiset<deadline, boost::intrusive::constant_time_size<false>> waiting_;
};

/// Deadlines kept by one timer. It is set anew only when a deadline is earlier than what it is set for: a
/// call whose deadline never comes costs no system call, and deadlines are exact all the same.
class alarm_clock {
public:
  explicit alarm_clock(boost::asio::io_context& context) : timer_(context) {}

  void set(deadline& what, time_point at);

private:
  void wind(time_point at);
  void ring();

  deadline_queue queue_;
  boost::asio::steady_timer timer_;
  time_point wound_for_ = time_point::max();
};

} // namespace opr::net
