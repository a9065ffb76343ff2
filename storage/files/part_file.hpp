#pragma once

#include "core/result.hpp"
#include "storage/files/descriptor.hpp"

#include <string>

namespace opr::storage {

/// A file in the making: written aside in the folder of its path as `.<name>.<random>.part`, so that nobody
/// sees half of it. Removed by the destructor unless it was published.
class part_file {
public:
  /// @param path Where it will appear; must be one that `path_fault` takes.
  static result<part_file> create(const std::string& path);

  ~part_file();
  part_file(part_file&& other) noexcept;
  part_file& operator=(part_file&&) = delete;

  int fd() const noexcept { return file_.get(); }

  /// Waits until the content is on the disk.
  result<done> flush();

  /// Gives it its name. A file that has the name already is never replaced: that is `ec::path_refused`.
  /// @param durable Waits until the name is on the disk, too.
  result<done> publish(bool durable);

  /// Gives it its name, in place of a file that may have it, and waits until that is on the disk.
  result<done> replace();

private:
  part_file(descriptor folder, descriptor file, std::string path, std::string part_name);
  int rename_without_replacing() const noexcept;

  descriptor folder_;
  descriptor file_;
  std::string path_;
  std::string part_name_; ///< Empty once nothing is left to remove.
};

/// Makes the folders above a path that are missing.
result<done> make_folders_above(const std::string& path);

} // namespace opr::storage
