#include "http/server/endpoint/peers.hpp"

#include "http/server/connection/front_end.hpp"

#include <fcntl.h>
#include <sys/socket.h>

namespace opr::http {

namespace {

/// How many of those that are too many are told so at a time; more are dropped without a word.
constexpr size_t turned_away_at_once = 128;

} // namespace

std::shared_ptr<connection> peers::arrived(int socket) {
  {
    std::lock_guard lock(mutex_);
    ++present_;
  }
  const auto open = front_->people.open();
  const bool too_many = open >= plan_.max_connections;
  const bool hopeless = closing_ || open >= plan_.max_connections + turned_away_at_once;
  const int duplicate = hopeless ? -1 : ::fcntl(socket, F_DUPFD_CLOEXEC, plan_.duplicates_from);
  if (duplicate < 0) {
    ::shutdown(socket, SHUT_RDWR); // Pistache takes it for a client that left
    return nullptr;
  }
  const auto made = connection::make(front_, duplicate);
  connections_.insert(made);
  if (too_many)
    made->refuse(503, "there are too many connections");
  return made;
}

void peers::left(const std::shared_ptr<connection>& left) {
  if (left) {
    left->input_over();
    if (left->finished())
      connections_.erase(left);
  }
  std::lock_guard lock(mutex_);
  if (--present_ == 0)
    none_left_.notify_all();
}

void peers::check_deadlines() {
  const auto now = clock::now();
  for (auto each = connections_.begin(); each != connections_.end();) {
    (*each)->check_deadline(now);
    each = (*each)->finished() ? connections_.erase(each) : std::next(each);
  }
}

void peers::drain() {
  for (const auto& each : connections_)
    each->drain();
}

void peers::close_all() {
  closing_ = true;
  for (const auto& each : connections_)
    each->abort();
  std::lock_guard lock(mutex_);
  shut_ = true;
  none_left_.notify_all();
}

void peers::await_none() {
  std::unique_lock lock(mutex_);
  none_left_.wait(lock, [this] { return shut_ && present_ == 0; });
}

} // namespace opr::http
