#include "storage/cache/folder.hpp"

#include "core/random_id.hpp"
#include "storage/cache/index.hpp"
#include "storage/files/fault.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>

namespace opr::storage {

result<cache_folder> cache_folder::open(const std::string& path) {
  if (mkdir(path.c_str(), 0700) != 0 && errno != EEXIST)
    return write_fault(errno, path);
  struct stat facts {};
  if (lstat(path.c_str(), &facts) != 0)
    return write_fault(errno, path);
  constexpr mode_t others = S_IWGRP | S_IWOTH;
  if (!S_ISDIR(facts.st_mode) || facts.st_uid != geteuid() || (facts.st_mode & others) != 0)
    return {ec::path_refused, path + ": is no folder that only this user may write to"};
  return cache_folder(path);
}

std::vector<std::string> cache_folder::scan() const {
  std::vector<std::pair<std::filesystem::file_time_type, std::string>> found;
  std::error_code error;
  for (std::filesystem::directory_iterator it(path_, error), end; !error && it != end; it.increment(error)) {
    auto name = it->path().filename().string();
    std::error_code unknown;
    if (object_of(name).key_hash.empty() || it->is_symlink(unknown))
      unlink(it->path().c_str());
    else
      found.emplace_back(it->last_write_time(unknown), std::move(name));
  }
  std::sort(found.begin(), found.end());
  std::vector<std::string> names;
  names.reserve(found.size());
  for (auto& [time, name] : found)
    names.push_back(std::move(name));
  return names;
}

std::string cache_folder::new_path() const { return path_ + "/incoming-" + random_hex(32); }

void cache_folder::touch(const std::string& name) const noexcept {
  utimensat(AT_FDCWD, path_of(name).c_str(), nullptr, AT_SYMLINK_NOFOLLOW);
}

void cache_folder::remove(const std::vector<std::string>& names) const noexcept {
  for (const auto& name : names)
    unlink(path_of(name).c_str());
}

} // namespace opr::storage
