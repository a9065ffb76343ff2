#include "http/server/connection/write_thread.hpp"

#include "core/clock.hpp"
#include "http/server/connection/channel.hpp"

#include <algorithm>
#include <cerrno>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <system_error>
#include <unistd.h>

namespace opr::http {

namespace {

int or_throw(int result, const char* what) {
  if (result < 0)
    throw std::system_error(errno, std::generic_category(), what);
  return result;
}

int milliseconds_until(time_point when) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(when - clock::now());
  return static_cast<int>(std::max<long>(0, left.count()));
}

} // namespace

write_thread::write_thread(std::chrono::milliseconds tick, std::function<void()> on_tick)
    : tick_(tick), on_tick_(std::move(on_tick)),
      epoll_(or_throw(epoll_create1(EPOLL_CLOEXEC), "epoll_create1")),
      stop_event_(or_throw(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), "eventfd")) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.fd = stop_event_;
  or_throw(epoll_ctl(epoll_, EPOLL_CTL_ADD, stop_event_, &event), "epoll_ctl");
}

write_thread::~write_thread() {
  stop();
  ::close(stop_event_);
  ::close(epoll_);
}

void write_thread::start() {
  thread_ = std::thread([this] { run(); });
}

void write_thread::stop() {
  if (!thread_.joinable())
    return;
  eventfd_write(stop_event_, 1);
  thread_.join();
  std::unordered_map<int, std::shared_ptr<channel>> released;
  std::lock_guard lock(mutex_);
  released.swap(blocked_);
}

void write_thread::watch(int descriptor, std::shared_ptr<channel> blocked) {
  std::lock_guard lock(mutex_);
  blocked_[descriptor] = std::move(blocked);
  epoll_event event{};
  event.events = EPOLLOUT;
  event.data.fd = descriptor;
  epoll_ctl(epoll_, EPOLL_CTL_ADD, descriptor, &event);
}

void write_thread::unwatch(int descriptor) {
  std::shared_ptr<channel> released; // let go after the lock
  std::lock_guard lock(mutex_);
  const auto found = blocked_.find(descriptor);
  if (found == blocked_.end())
    return;
  released = std::move(found->second);
  blocked_.erase(found);
  epoll_ctl(epoll_, EPOLL_CTL_DEL, descriptor, nullptr);
}

void write_thread::run() {
  auto next_tick = clock::now() + tick_;
  for (;;) {
    epoll_event events[64];
    const int count = epoll_wait(epoll_, events, 64, milliseconds_until(next_tick));
    for (int i = 0; i < count; ++i) {
      if (events[i].data.fd == stop_event_)
        return;
      if (const auto ready = find(events[i].data.fd))
        ready->writable();
    }
    const auto now = clock::now();
    if (now < next_tick)
      continue;
    next_tick = now + tick_;
    for (const auto& blocked : all())
      blocked->check_stalled(now);
    on_tick_();
  }
}

std::shared_ptr<channel> write_thread::find(int descriptor) {
  std::lock_guard lock(mutex_);
  const auto found = blocked_.find(descriptor);
  return found == blocked_.end() ? nullptr : found->second;
}

std::vector<std::shared_ptr<channel>> write_thread::all() {
  std::lock_guard lock(mutex_);
  std::vector<std::shared_ptr<channel>> out;
  out.reserve(blocked_.size());
  for (const auto& entry : blocked_)
    out.push_back(entry.second);
  return out;
}

} // namespace opr::http
