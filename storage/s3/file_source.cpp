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
  if (!pool_.run([self = shared_from_this(), ready] { ready(self->read_piece()); }))
    ready({});
}

std::string file_source::md5() {
  std::lock_guard lock(mutex_);
  return left_ == 0 ? md5_.finish() : std::string{};
}

std::string file_source::read_piece() {
  std::lock_guard lock(mutex_);
  std::string piece(std::min(left_, longest_piece), '\0');
  ssize_t got = 0;
  do
    got = pread(file_->fd.get(), piece.data(), piece.size(), static_cast<off_t>(at_));
  while (got < 0 && errno == EINTR);
  piece.resize(got < 0 ? 0 : static_cast<size_t>(got));
  at_ += piece.size();
  left_ -= piece.size();
  md5_.add(piece);
  return piece;
}

} // namespace opr::storage
