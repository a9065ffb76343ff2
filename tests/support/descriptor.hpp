#pragma once

#include <cerrno>
#include <filesystem>
#include <iterator>
#include <string>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace opr::test {

[[noreturn]] inline void throw_errno(const std::string& what) {
  throw std::system_error(errno, std::generic_category(), what);
}

/// How many descriptors this process has. The sanitizer of undefined behaviour opens a pipe for a moment to
/// look at memory.
inline size_t open_descriptors() {
  const std::filesystem::directory_iterator all("/proc/self/fd");
  return static_cast<size_t>(std::distance(begin(all), end(all)));
}

/// An owned file descriptor.
class descriptor {
public:
  descriptor() = default;
  /// @param fd The outcome of a system call. @throws std::system_error with errno and `what` if it is
  /// negative.
  descriptor(int fd, const std::string& what) : fd_(fd) {
    if (fd < 0)
      throw_errno(what);
  }
  ~descriptor() { reset(); }
  descriptor(descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  descriptor& operator=(descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }

  int get() const noexcept { return fd_; }
  void reset() noexcept {
    if (fd_ >= 0)
      close(std::exchange(fd_, -1));
  }

private:
  int fd_ = -1;
};

} // namespace opr::test
