#include "storage/files/part_file.hpp"

#include "core/random_id.hpp"
#include "storage/files/fault.hpp"
#include "storage/files/path.hpp"

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace opr::storage {

namespace {

constexpr std::size_t max_shown_name = 200; // the part's name must not get too long for a file name

bool exists(const descriptor& folder, const std::string& name) noexcept {
  struct stat facts {};
  return fstatat(folder.get(), name.c_str(), &facts, AT_SYMLINK_NOFOLLOW) == 0;
}

} // namespace

part_file::part_file(descriptor folder, descriptor file, std::string path, std::string part_name)
    : folder_(std::move(folder)), file_(std::move(file)), path_(std::move(path)),
      part_name_(std::move(part_name)) {}

part_file::part_file(part_file&& other) noexcept
    : folder_(std::move(other.folder_)), file_(std::move(other.file_)), path_(std::move(other.path_)),
      part_name_(std::exchange(other.part_name_, {})) {}

part_file::~part_file() {
  if (!part_name_.empty())
    unlinkat(folder_.get(), part_name_.c_str(), 0);
}

result<part_file> part_file::create(const std::string& path) {
  auto [folder_path, name] = split(path);
  descriptor folder(open(folder_path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder)
    return write_fault(errno, folder_path);
  auto part_name = "." + name.substr(0, max_shown_name) + "." + random_hex(16) + ".part";
  descriptor file(
      openat(folder.get(), part_name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644));
  if (!file)
    return write_fault(errno, path);
  return part_file(std::move(folder), std::move(file), path, std::move(part_name));
}

result<done> part_file::flush() {
  if (fsync(file_.get()) != 0)
    return write_fault(errno, path_);
  return done{};
}

result<done> part_file::publish(bool durable) {
  if (rename_without_replacing() != 0)
    return write_fault(errno, path_);
  part_name_.clear();
  if (durable && fsync(folder_.get()) != 0)
    return write_fault(errno, path_);
  return done{};
}

result<done> part_file::replace() {
  if (renameat(folder_.get(), part_name_.c_str(), folder_.get(), split(path_).name.c_str()) != 0)
    return write_fault(errno, path_);
  part_name_.clear();
  if (fsync(folder_.get()) != 0)
    return write_fault(errno, path_);
  return done{};
}

int part_file::rename_without_replacing() const noexcept {
  auto name = split(path_).name;
  if (renameat2(folder_.get(), part_name_.c_str(), folder_.get(), name.c_str(), RENAME_NOREPLACE) == 0)
    return 0;
  if (errno != EINVAL && errno != ENOSYS)
    return -1;
  // A file system without that flag (NFS, FUSE). What appears between the look and the rename would be
  // replaced: names in the storage are unique, so that only a caller who stores one name twice at once can
  // meet it.
  if (exists(folder_, name)) {
    errno = EEXIST;
    return -1;
  }
  return renameat(folder_.get(), part_name_.c_str(), folder_.get(), name.c_str());
}

result<done> make_folders_above(const std::string& path) {
  for (auto slash = path.find('/', 1); slash != std::string::npos; slash = path.find('/', slash + 1)) {
    auto folder = path.substr(0, slash);
    if (mkdir(folder.c_str(), 0755) != 0 && errno != EEXIST)
      return write_fault(errno, folder);
  }
  return done{};
}

} // namespace opr::storage
