#include "http/server/endpoint/doorway.hpp"

#include <cerrno>
#include <chrono>
#include <fcntl.h>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace opr::http {

namespace {

int make_dead_end() {
  int pair[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair) != 0)
    throw std::system_error(errno, std::generic_category(), "cannot make a socket");
  ::close(pair[1]);
  return pair[0];
}

} // namespace

doorway::doorway(int lowest, entrance enter)
    : lowest_(lowest), enter_(std::move(enter)), dead_end_(make_dead_end()) {}

doorway::~doorway() { ::close(dead_end_); }

void doorway::take(int descriptor) {
  const int reading = ::fcntl(descriptor, F_DUPFD_CLOEXEC, lowest_);
  const int writing = reading < 0 ? -1 : ::fcntl(descriptor, F_DUPFD_CLOEXEC, lowest_);
  // Pistache begins to watch its descriptor only after this, sees the end of that socket, and closes it.
  ::dup3(dead_end_, descriptor, O_CLOEXEC);
  if (writing >= 0)
    return enter_(reading, writing);
  if (reading >= 0)
    ::close(reading);
}

void doorway::came() {
  std::lock_guard lock(mutex_);
  ++present_;
}

void doorway::went() {
  std::lock_guard lock(mutex_);
  if (--present_ == 0)
    none_left_.notify_all();
}

void doorway::await_none(const std::function<void()>& knock) {
  std::unique_lock lock(mutex_);
  while (!none_left_.wait_for(lock, std::chrono::milliseconds(100), [this] { return present_ == 0; })) {
    lock.unlock();
    knock();
    lock.lock();
  }
}

void doorway::set_knock(std::function<void()> knock) {
  std::lock_guard lock(mutex_);
  knock_ = std::move(knock);
}

void doorway::knock() {
  std::lock_guard lock(mutex_);
  if (knock_)
    knock_();
}

} // namespace opr::http
