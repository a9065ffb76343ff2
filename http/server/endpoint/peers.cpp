#include "http/server/endpoint/peers.hpp"

#include "http/server/connection/front_end.hpp"

#include <unistd.h>

namespace opr::http {

namespace {

/// How many of those that are too many are told so at a time; more are dropped without a word.
constexpr size_t turned_away_at_once = 128;

} // namespace

void peers::arrived(const std::shared_ptr<front_end>& front, int reading, int writing) {
  const auto open = front_.people.open();
  if (closing_ || open >= plan_.max_connections + turned_away_at_once) {
    ::close(reading);
    ::close(writing);
    return;
  }
  const auto made = connection::make(front, thread_, reading, writing);
  connections_.emplace(made.get(), made);
  if (open >= plan_.max_connections)
    made->refuse(503, "there are too many connections");
}

void peers::on_deadline() {
  const auto now = clock::now();
  for (const auto& each : all()) {
    each->check_deadline(now);
    if (each->finished())
      left(*each);
  }
  on_tick_();
  front_.io.shared(thread_).alarm.set(*this, now + tick_);
}

void peers::drain() {
  for (const auto& each : all())
    each->drain();
}

void peers::close_all() {
  closing_ = true;
  take_back();
  for (const auto& each : all())
    each->abort();
  connections_.clear();
}

std::vector<std::shared_ptr<connection>> peers::all() const {
  std::vector<std::shared_ptr<connection>> out;
  out.reserve(connections_.size());
  for (const auto& [key, each] : connections_)
    out.push_back(each);
  return out;
}

} // namespace opr::http
