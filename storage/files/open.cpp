#include "storage/files/open.hpp"

#include "storage/files/fault.hpp"

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>

namespace opr::storage {

namespace {

result<open_file> open_at(int folder, const std::string& name, const std::string& path) {
  // Taking hold of the name first has no effect on what it names; opening a device has.
  descriptor held(openat(folder, name.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC));
  struct stat facts {};
  if (!held || fstat(held.get(), &facts) != 0)
    return read_fault(errno, path);
  if (!S_ISREG(facts.st_mode))
    return {ec::path_refused, path + ": not a regular file"};
  auto again = "/proc/self/fd/" + std::to_string(held.get());
  // Not blocking: a lease that somebody holds on the file would make even this wait.
  descriptor file(open(again.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
  if (!file)
    return read_fault(errno, path);
  return open_file{std::move(file), static_cast<uint64_t>(facts.st_size)};
}

} // namespace

result<open_file> open_regular(const std::string& path) { return open_at(AT_FDCWD, path, path); }

result<open_file> open_regular(const descriptor& folder, const std::string& name, const std::string& path) {
  return open_at(folder.get(), name, path);
}

} // namespace opr::storage
