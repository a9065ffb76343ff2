#include "http/server/connection/channel.hpp"

#include "http/server/connection/front_end.hpp"

#include <iterator>
#include <linux/sockios.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace opr::http {

namespace {

constexpr size_t drained_below = 64 * 1024;

/// Whether the connection is over both ways, as after a reset; false when only the client's sending side is
/// closed.
bool is_torn_down(int descriptor) {
  pollfd look{descriptor, 0, 0};
  return ::poll(&look, 1, 0) == 1 && (look.revents & (POLLHUP | POLLERR)) != 0;
}

/// Makes the last close of the socket a reset, which no client takes for the end of an answer.
void reset_on_close(int descriptor) {
  const linger at_once{1, 0};
  ::setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

void move_all(std::vector<std::function<void()>>& from, std::vector<std::function<void()>>& to) {
  to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
  from.clear();
}

} // namespace

/// Holds the lock; makes the calls that came up under it after giving it back.
class channel::locked {
public:
  explicit locked(channel& owner) : lock_(owner.mutex_) {}
  ~locked() {
    lock_.unlock();
    for (const auto& call : later)
      if (call)
        call();
  }
  locked(const locked&) = delete;
  locked& operator=(const locked&) = delete;

  calls later;

private:
  std::unique_lock<std::mutex> lock_;
};

channel::channel(std::shared_ptr<front_end> front, int descriptor, std::function<void()> on_free)
    : front_(std::move(front)), on_free_(std::move(on_free)), descriptor_(descriptor), since_(clock::now()) {
  front_->people.opened();
}

channel::~channel() { close(); }

uint64_t channel::begin() {
  std::lock_guard lock(mutex_);
  if (state_ == state::free) {
    state_ = state::busy;
    begun_ = complete_ = false;
  }
  return ++number_;
}

channel::state channel::look(bool tell, time_point* since) {
  std::lock_guard lock(mutex_);
  if (state_ == state::busy)
    tell_free_ |= tell;
  if (since)
    *since = since_;
  return state_;
}

void channel::input_over() {
  locked held(*this);
  input_over_ = true;
  if (state_ == state::closed)
    return;
  if (is_torn_down(descriptor_))
    abort_now(held.later);
  else if (state_ == state::closing)
    close_now(held.later, SHUT_RDWR);
  else if (state_ == state::busy)
    tell_gone(held.later);
}

void channel::send_interim(std::string bytes) {
  locked held(*this);
  if (state_ == state::free || (state_ == state::busy && !begun_))
    settle(out_.send(descriptor_, std::move(bytes)), held.later);
}

void channel::give_up() {
  locked held(*this);
  if (state_ == state::busy)
    tell_gone(held.later);
}

void channel::close() {
  locked held(*this);
  close_now(held.later, SHUT_RDWR);
}

void channel::send(uint64_t answer, part which, std::string first, std::string second, std::string third) {
  locked held(*this);
  if (!is_current(answer) || complete_)
    return;
  begun_ = true;
  complete_ = which != part::more;
  close_after_ = which == part::last_and_close;
  settle(out_.send(descriptor_, std::move(first), std::move(second), std::move(third)), held.later);
}

void channel::abort() {
  locked held(*this);
  abort_now(held.later);
}

void channel::abort(uint64_t answer) {
  locked held(*this);
  if (is_current(answer) && !complete_)
    abort_now(held.later);
}

size_t channel::pending(uint64_t answer) const {
  std::lock_guard lock(mutex_);
  return is_current(answer) ? out_.pending() : 0;
}

void channel::on_drained(uint64_t answer, std::function<void()> call) {
  locked held(*this);
  if (is_current(answer) && out_.pending() >= drained_below)
    on_drained_.push_back(std::move(call));
  else
    held.later.push_back(std::move(call));
}

void channel::on_gone(uint64_t answer, std::function<void()> call) {
  locked held(*this);
  if (gone_)
    held.later.push_back(std::move(call));
  else if (is_current(answer))
    on_gone_.push_back(std::move(call));
}

bool channel::gone() const {
  std::lock_guard lock(mutex_);
  return gone_;
}

void channel::writable() {
  locked held(*this);
  if (state_ != state::closed && blocked_)
    settle(out_.flush(descriptor_), held.later);
}

void channel::check_stalled(time_point now) {
  locked held(*this);
  if (state_ == state::closed || !blocked_)
    return;
  int in_kernel = 0; // not acknowledged by the client's side; as that may be megabytes, `taken` won't do
  ::ioctl(descriptor_, SIOCOUTQ, &in_kernel);
  const auto progress = out_.taken() - static_cast<uint64_t>(in_kernel);
  if (progress != progress_) {
    progress_ = progress;
    progress_at_ = now;
  } else if (now - progress_at_ >= front_->options.write_timeout) {
    abort_now(held.later);
  }
}

/// Draws the conclusions from an attempt to send.
void channel::settle(outbox::outcome after, calls& later) {
  if (after == outbox::outcome::broken)
    return abort_now(later);
  set_blocked(after == outbox::outcome::blocked);
  if (out_.pending() < drained_below)
    move_all(on_drained_, later);
  if (complete_ && after == outbox::outcome::sent && state_ == state::busy)
    answer_is_out(later);
}

void channel::answer_is_out(calls& later) {
  since_ = clock::now();
  for (auto& call : on_gone_) // let go without the lock: they may hold the last of something
    later.push_back([dropped = std::move(call)] {});
  on_gone_.clear();
  if (close_after_)
    return start_closing(later);
  state_ = state::free;
  tell_free(later);
}

void channel::tell_free(calls& later) {
  if (std::exchange(tell_free_, false))
    later.push_back(on_free_);
}

void channel::tell_gone(calls& later) {
  gone_ = true;
  move_all(on_gone_, later);
}

void channel::set_blocked(bool is_blocked) {
  if (is_blocked && !blocked_)
    progress_at_ = clock::now();
  blocked_ = is_blocked;
}

/// Tells the client that no more comes and waits for it to close, so that what it still sends can't destroy
/// the answer on its way (a reset would).
void channel::start_closing(calls& later) {
  if (input_over_)
    return close_now(later, SHUT_RDWR);
  ::shutdown(descriptor_, SHUT_WR);
  state_ = state::closing;
  tell_free(later);
  front_->people.done();
}

/// @param how For `shutdown`. Closing the receiving side makes the reading side let go of its descriptor.
void channel::close_now(calls& later, int how) {
  if (state_ == state::closed)
    return;
  set_blocked(false);
  out_.clear();
  tell_gone(later);
  move_all(on_drained_, later);
  ::shutdown(descriptor_, how);
  ::close(descriptor_);
  descriptor_ = -1;
  front_->people.closed();
  if (state_ != state::closing)
    front_->people.done();
  state_ = state::closed;
  tell_free(later);
  since_ = clock::now();
}

void channel::abort_now(calls& later) {
  if (state_ == state::closed)
    return;
  reset_on_close(descriptor_);
  close_now(later, SHUT_RD);
}

} // namespace opr::http
