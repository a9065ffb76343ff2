#include "storage/untrusted_file.hpp"

#include "storage/files/fault.hpp"
#include "storage/files/open.hpp"
#include "storage/files/path.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <fcntl.h>
#include <unistd.h>

namespace opr::storage {

namespace {

/// Reads until `text` is full or the file ends. @returns How much of it was filled, or -1 with errno.
ssize_t fill(int fd, std::string& text) noexcept {
  std::size_t filled = 0;
  while (filled < text.size()) {
    auto got = read(fd, text.data() + filled, text.size() - filled);
    if (got < 0 && errno == EINTR)
      continue;
    if (got < 0)
      return -1;
    if (got == 0)
      break;
    filled += static_cast<std::size_t>(got);
  }
  return static_cast<ssize_t>(filled);
}

} // namespace

result<file_head> read_untrusted(const std::string& folder, const std::string& name, std::size_t max_bytes,
                                 uint64_t from) {
  if (auto why = name_fault(name))
    return std::move(*why);
  auto path = folder + "/" + name;
  descriptor within(open(folder.c_str(), O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!within)
    return read_fault(errno, path);
  auto file = open_regular(within, name, path);
  if (!file)
    return std::move(file.error());
  auto left = file->size - std::min(file->size, from);
  if (from > 0 && lseek(file->fd.get(), static_cast<off_t>(from), SEEK_SET) < 0)
    return read_fault(errno, path);
  file_head head{std::string(std::min<uint64_t>(left, max_bytes), '\0'), left > max_bytes};
  auto filled = fill(file->fd.get(), head.bytes);
  if (filled < 0)
    return read_fault(errno, path);
  head.bytes.resize(static_cast<std::size_t>(filled)); // it may have shrunk meanwhile
  return head;
}

result<done> remove_untrusted(const std::string& folder, const std::string& name) {
  if (auto why = name_fault(name))
    return std::move(*why);
  auto path = folder + "/" + name;
  if (unlink(path.c_str()) != 0 && errno != ENOENT)
    return write_fault(errno, path);
  return done{};
}

} // namespace opr::storage
