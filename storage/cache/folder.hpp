#pragma once

#include "core/result.hpp"

#include <string>
#include <vector>

namespace opr::storage {

/// The folder of a cache. Its functions block.
class cache_folder {
public:
  /// Makes the folder, for this user only. One that is there must be ours, and nobody else's to write to, or
  /// what is in it could be anything: `ec::path_refused`.
  static result<cache_folder> open(const std::string& path);

  /// Names of its files, the one used last at the end. Files in the making, which an earlier life left, are
  /// removed.
  std::vector<std::string> scan() const;

  std::string path_of(const std::string& name) const { return path_ + "/" + name; }
  /// A path for a file that is being fetched.
  std::string new_path() const;
  /// Marks a file as used now, for the next life.
  void touch(const std::string& name) const noexcept;
  void remove(const std::vector<std::string>& names) const noexcept;

private:
  explicit cache_folder(std::string path) : path_(std::move(path)) {}

  std::string path_;
};

} // namespace opr::storage
