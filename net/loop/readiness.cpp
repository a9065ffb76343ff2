#include "net/loop/readiness.hpp"

#include <array>
#include <cerrno>
#include <sys/epoll.h>
#include <system_error>

namespace opr::net {

namespace {

constexpr int events_at_once = 128;

int make_set() {
  auto made = ::epoll_create1(EPOLL_CLOEXEC);
  if (made < 0)
    throw std::system_error(errno, std::generic_category(), "epoll_create1");
  return made;
}

} // namespace

readiness::readiness(boost::asio::io_context& context) : set_(context, make_set()) { await(); }

int readiness::watch(int descriptor, watcher& whom, ticket& given) {
  if (free_.empty()) {
    slots_.emplace_back();
    free_.reserve(slots_.size()); // so that `forget` can't fail
    free_.push_back(static_cast<ticket>(slots_.size() - 1));
  }
  given = free_.back();
  auto& taken = slots_[given];
  epoll_event event{};
  event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
  event.data.u64 = uint64_t{taken.life} << 32U | given;
  if (::epoll_ctl(set_.native_handle(), EPOLL_CTL_ADD, descriptor, &event) != 0)
    return errno;
  free_.pop_back();
  taken.whom = &whom;
  return 0;
}

void readiness::forget(int descriptor, ticket given) noexcept {
  ::epoll_ctl(set_.native_handle(), EPOLL_CTL_DEL, descriptor, nullptr);
  slots_[given].whom = nullptr;
  ++slots_[given].life;
  free_.push_back(given);
}

/// Waiting tells at once of what has become ready meanwhile.
void readiness::await() {
  set_.async_wait(boost::asio::posix::stream_descriptor::wait_read, [this](boost::system::error_code why) {
    if (why)
      return;
    tell();
    await();
  });
}

void readiness::tell() {
  std::array<epoll_event, events_at_once>
      events; // NOLINT(cppcoreguidelines-pro-type-member-init): filled below
  auto count = ::epoll_wait(set_.native_handle(), events.data(), events_at_once, 0);
  for (int i = 0; i < count; ++i) {
    const auto& event = events[static_cast<size_t>(i)];
    const auto& known = slots_[static_cast<ticket>(event.data.u64)];
    if (known.whom != nullptr && known.life == event.data.u64 >> 32U)
      known.whom->on_ready({(event.events & ~uint32_t{EPOLLOUT}) != 0, (event.events & EPOLLOUT) != 0,
                            (event.events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0});
  }
}

} // namespace opr::net
