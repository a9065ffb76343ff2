#include "net/port_probe.hpp"

#include "net/loop/loop.hpp"
#include "net/name_lookup.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace opr::net {

namespace {

using boost::system::error_code;
using std::chrono::milliseconds;

constexpr auto eager_interval = milliseconds(1);
constexpr auto patient_interval = milliseconds(50);
constexpr auto eager_for = std::chrono::seconds(10);
/// The kernel repeats a SYN that was lost, because the other side's network isn't up yet, only after 1 s.
constexpr auto longest_try = milliseconds(200);

/// Whether the socket is connected, and not to itself: that is what a connect to a closed port of this host
/// gets when the kernel happens to pick that very port as its source. A thousand tries a second, it happens.
bool is_connected(int fd) {
  sockaddr_storage here{};
  sockaddr_storage there{};
  socklen_t here_size = sizeof here;
  socklen_t there_size = sizeof there;
  if (getpeername(fd, reinterpret_cast<sockaddr*>(&there), &there_size) != 0 ||
      getsockname(fd, reinterpret_cast<sockaddr*>(&here), &here_size) != 0)
    return false;
  return there.ss_family == AF_UNIX || std::memcmp(&here, &there, sizeof here) != 0;
}

class connect_probe final : public probe, public addressee, public resident, private deadline {
public:
  connect_probe(loop& shared, const address& where, time_point until, then<done> found)
      : addressee(shared.tasks), shared_(shared),
        lookup_(std::make_shared<name_lookup>(shared.context, where)), until_(until),
        found_(std::move(found)) {}

  void launch();
  void cancel() override { signal(cancelled); }

private:
  enum : unsigned { launched = 1, cancelled = 2 };
  std::shared_ptr<connect_probe> self() {
    return std::static_pointer_cast<connect_probe>(shared_from_this());
  }
  void on_signals(unsigned bits) override;
  void on_stop() override { end({ec::cancelled, "the I/O thread stops"}); }
  void on_deadline() override;

  void begin_try();
  void connect(const endpoint& where);
  void await_outcome(int fd, const endpoint& where);
  void conclude_try(bool is_found);
  void await_next_try();
  void ring_at(time_point when) { shared_.alarm.set(*this, std::min(when, until_)); }
  void end(result<done> how);

  loop& shared_;
  const std::shared_ptr<name_lookup> lookup_;
  const time_point until_;
  then<done> found_;                    ///< Empty once the probe is over.
  std::optional<stream_socket> socket_; ///< While a try waits; never longer than the I/O thread lives.
  time_point started_;                  ///< Of the first try.
  time_point try_began_;                ///< Of the latest try.
  size_t tries_ = 0; ///< Tells a try's outcome from that of one given up; the addresses of a name take turns.
};

void connect_probe::launch() {
  if (!signal(launched))
    std::exchange(found_, nullptr)({ec::cancelled, "the I/O thread has stopped"});
}

void connect_probe::on_signals(unsigned bits) {
  if (!found_)
    return;
  if ((bits & cancelled) != 0)
    return end({ec::cancelled, {}});
  shared_.residents.insert(self());
  started_ = clock::now();
  begin_try();
}

void connect_probe::begin_try() {
  try_began_ = clock::now();
  ring_at(try_began_ + longest_try);
  // A resolver may never answer: it mustn't keep the probe.
  lookup_->find([probe = std::weak_ptr(self()), number = ++tries_](const result<endpoints>& where) {
    auto self = probe.lock();
    if (!self || !self->found_ || self->tries_ != number)
      return;
    if (where)
      self->connect((*where)[number % where->size()]);
    else
      self->await_next_try();
  });
}

/// Nearby, the answer is there when the system call returns, but only a second call tells it. Such tries,
/// nearly all of them, don't involve the loop.
void connect_probe::connect(const endpoint& where) {
  auto fd = ::socket(where.protocol().family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0)
    return conclude_try(false);
  auto connect_now = [&] { return ::connect(fd, where.data(), static_cast<socklen_t>(where.size())); };
  if (connect_now() != 0 && errno == EINPROGRESS && connect_now() != 0 && errno == EALREADY)
    return await_outcome(fd, where);
  auto is_found = is_connected(fd);
  ::close(fd);
  conclude_try(is_found);
}

void connect_probe::await_outcome(int fd, const endpoint& where) {
  error_code why;
  socket_.emplace(shared_.context);
  socket_->assign(where.protocol(), fd, why);
  if (why) {
    ::close(fd);
    return conclude_try(false);
  }
  socket_->async_wait(stream_socket::wait_write, [self = self(), number = tries_](const error_code&) {
    if (self->socket_ && self->tries_ == number)
      self->conclude_try(is_connected(self->socket_->native_handle()));
  });
}

void connect_probe::conclude_try(bool is_found) {
  socket_.reset();
  if (is_found)
    end(done{});
  else
    await_next_try();
}

void connect_probe::await_next_try() {
  auto is_eager = try_began_ - started_ < eager_for;
  ring_at(try_began_ + (is_eager ? eager_interval : patient_interval));
}

/// Either the whole time is over, or that of a try, or that between two tries.
void connect_probe::on_deadline() {
  if (clock::now() >= until_)
    return end({ec::deadline_passed, "nobody listens"});
  socket_.reset();
  begin_try();
}

void connect_probe::end(result<done> how) {
  auto found = std::exchange(found_, nullptr);
  if (!found)
    return;
  auto alive = self();
  take_back();
  socket_.reset();
  shared_.residents.erase(alive);
  found(std::move(how));
}

} // namespace

std::shared_ptr<probe> await_port(io_threads& io, const address& where, time_point deadline,
                                  then<done> found) {
  auto started = std::make_shared<connect_probe>(io.shared(), where, deadline, std::move(found));
  started->launch();
  return started;
}

} // namespace opr::net
