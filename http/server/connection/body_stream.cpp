#include "http/server/connection/body_stream.hpp"

#include <utility>

namespace opr::http {

void body_stream::pull(std::function<void(std::string piece)> ready) {
  std::unique_lock lock(mutex_);
  if (cut_)
    return;
  auto piece = std::exchange(held_, {});
  const bool must_wait = piece.empty() && !ended_;
  if (must_wait)
    std::swap(ready_, ready);
  const auto want = ended_ ? nullptr : on_want_;
  lock.unlock();
  if (!must_wait)
    ready(std::move(piece));
  if (want)
    want();
}

bool body_stream::put(std::string piece) {
  std::unique_lock lock(mutex_);
  if (cut_ || piece.empty())
    return true;
  if (auto ready = std::exchange(ready_, nullptr)) {
    lock.unlock();
    ready(std::move(piece));
    return true;
  }
  held_.empty() ? void(held_ = std::move(piece)) : void(held_ += piece);
  return held_.size() < room;
}

void body_stream::end() {
  std::unique_lock lock(mutex_);
  ended_ = true;
  if (auto ready = std::exchange(ready_, nullptr)) {
    lock.unlock();
    ready({});
  }
}

void body_stream::cut() {
  std::unique_lock lock(mutex_);
  cut_ = true;
  const auto nobody =
      std::exchange(ready_, nullptr); // let go without the lock: it may hold the last of something
  auto wants = std::exchange(on_want_, nullptr);
  held_ = {};
  lock.unlock();
}

bool body_stream::ended() const {
  std::lock_guard lock(mutex_);
  return ended_;
}

} // namespace opr::http
