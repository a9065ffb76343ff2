#include "storage/s3/file_source.hpp"

#include <algorithm>
#include <cerrno>
#include <unistd.h>
#include <utility>

namespace opr::storage {

namespace {

constexpr uint64_t longest_piece = uint64_t{256} * 1024;

} // namespace

void file_source::pull(std::function<void(std::string piece)> ready) {
  std::unique_lock lock(mutex_);
  auto piece = std::exchange(next_, {});
  if (piece.empty() && (is_reading_ || begin_reading())) {
    ready_ = std::move(ready);
    return;
  }
  if (!piece.empty() && left_ > 0)
    begin_reading();
  lock.unlock();
  ready(std::move(piece));
}

std::string file_source::md5() {
  std::lock_guard lock(mutex_);
  return !is_reading_ && left_ == 0 && next_.empty() ? md5_->finish() : std::string{};
}

/// With the mutex held. @returns Whether a job reads now.
bool file_source::begin_reading() {
  is_reading_ = pool_.run([self = shared_from_this()] { self->read(); });
  return is_reading_;
}

/// A worker's job: reads the piece that is asked for, or will be.
void file_source::read() {
  auto piece = read_piece();
  std::unique_lock lock(mutex_);
  is_reading_ = false;
  auto ready = std::exchange(ready_, nullptr);
  if (!ready) {
    next_ = std::move(piece);
    return;
  }
  if (!piece.empty() && left_ > 0)
    begin_reading();
  lock.unlock();
  ready(std::move(piece));
}

std::string file_source::read_piece() {
  std::string piece(std::min(left_, longest_piece), '\0');
  ssize_t got = 0;
  do
    got = pread(file_->fd.get(), piece.data(), piece.size(), static_cast<off_t>(at_));
  while (got < 0 && errno == EINTR);
  piece.resize(got < 0 ? 0 : static_cast<size_t>(got));
  at_ += piece.size();
  left_ -= piece.size();
  md5_->add(piece);
  return piece;
}

} // namespace opr::storage
