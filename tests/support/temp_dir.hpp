#pragma once

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <system_error>

namespace opr::test {

/// A new empty folder, removed with all that is in it at the end of the test.
class temp_dir {
public:
  temp_dir() {
    auto name = (std::filesystem::temp_directory_path() / "opr-test-XXXXXX").string();
    if (!mkdtemp(name.data()))
      throw std::system_error(errno, std::generic_category(), name);
    path_ = name;
  }
  ~temp_dir() {
    std::error_code ignored; // A folder that a container wrote to as another user stays.
    std::filesystem::remove_all(path_, ignored);
  }
  temp_dir(const temp_dir&) = delete;
  temp_dir& operator=(const temp_dir&) = delete;

  const std::filesystem::path& path() const noexcept { return path_; }

  /// Writes a file of that name into it. @returns The file's path.
  std::string write(const std::string& name, std::string_view content) const {
    auto file = path_ / name;
    std::ofstream out(file, std::ios::binary);
    out.exceptions(std::ios::badbit | std::ios::failbit);
    out << content << std::flush;
    return file.string();
  }

private:
  std::filesystem::path path_;
};

} // namespace opr::test
