#include "storage/files/copy.hpp"

#include "storage/files/fault.hpp"
#include "storage/files/open.hpp"
#include "storage/files/part_file.hpp"
#include "storage/files/path.hpp"
#include "storage/files/write.hpp"

#include <algorithm>
#include <cerrno>
#include <unistd.h>
#include <utility>
#include <vector>

namespace opr::storage {

namespace {

constexpr uint64_t slice = 1UL << 20U;

/// Whether the kernel can't copy between these two files by itself.
bool needs_hands(int error) noexcept {
  return error == EXDEV || error == EINVAL || error == ENOSYS || error == EOPNOTSUPP || error == EPERM;
}

result<done> copy_bytes(int from, int to, uint64_t size, const std::string& path, const checkpoint& go_on) {
  while (size > 0) {
    if (auto why = go_on(); why.code != ec::none)
      return why;
    auto copied = copy_file_range(from, nullptr, to, nullptr, std::min(size, slice), 0);
    // Some file systems end early without an error: reading tells whether the file has really ended.
    if (copied == 0 || (copied < 0 && needs_hands(errno)))
      return copy_by_hand(from, to, size, path, go_on);
    if (copied < 0 && errno != EINTR)
      return write_fault(errno, "copying " + path);
    if (copied > 0)
      size -= static_cast<uint64_t>(copied);
  }
  return done{};
}

enum class keep : uint8_t { until_reboot, for_good, replacing };

result<part_file> create_destination(const std::string& path, keep how) {
  if (how != keep::until_reboot) {
    auto made = make_folders_above(path);
    if (!made)
      return std::move(made.error());
  }
  return part_file::create(path);
}

result<uint64_t> copy_file(const std::string& from, const std::string& to, keep how,
                           const checkpoint& go_on) {
  auto fault = path_fault(from);
  if (!fault)
    fault = path_fault(to);
  if (fault)
    return std::move(*fault);
  auto source = open_regular(from);
  if (!source)
    return std::move(source.error());
  auto part = create_destination(to, how);
  if (!part)
    return std::move(part.error());
  auto copied = copy_bytes(source->fd.get(), part->fd(), source->size, from, go_on);
  if (copied && how != keep::until_reboot)
    copied = part->flush();
  if (copied)
    copied = how == keep::replacing ? part->replace() : part->publish(how == keep::for_good);
  if (!copied)
    return std::move(copied.error());
  return source->size;
}

} // namespace

result<done> copy_by_hand(int from, int to, uint64_t size, const std::string& path, const checkpoint& go_on) {
  std::vector<char> buffer(std::min(size, slice));
  while (size > 0) {
    if (auto why = go_on(); why.code != ec::none)
      return why;
    auto got = read(from, buffer.data(), std::min<uint64_t>(size, buffer.size()));
    if (got < 0 && errno != EINTR)
      return write_fault(errno, "copying " + path);
    if (got == 0)
      return {ec::storage_failed, path + ": became shorter while it was copied"};
    if (got < 0)
      continue;
    auto written = write_all(to, {buffer.data(), static_cast<std::size_t>(got)}, "copying " + path);
    if (!written)
      return written;
    size -= static_cast<uint64_t>(got);
  }
  return done{};
}

result<uint64_t> copy_in(const std::string& from, const std::string& to, const checkpoint& go_on) {
  return copy_file(from, to, keep::until_reboot, go_on);
}

result<uint64_t> copy_out(const std::string& from, const std::string& to, const checkpoint& go_on) {
  return copy_file(from, to, keep::for_good, go_on);
}

result<uint64_t> copy_over(const std::string& from, const std::string& to, const checkpoint& go_on) {
  return copy_file(from, to, keep::replacing, go_on);
}

} // namespace opr::storage
