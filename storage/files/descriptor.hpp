#pragma once

#include <utility>

namespace opr::storage {

/// An owned file descriptor.
class descriptor {
public:
  descriptor() = default;
  /// @param fd What a system call answered; negative: nothing is owned.
  explicit descriptor(int fd) noexcept : fd_(fd) {}
  ~descriptor();
  descriptor(descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  descriptor& operator=(descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }

  explicit operator bool() const noexcept { return fd_ >= 0; }
  int get() const noexcept { return fd_; }

private:
  int fd_ = -1;
};

} // namespace opr::storage
