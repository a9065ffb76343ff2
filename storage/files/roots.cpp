#include "storage/files/roots.hpp"

#include <algorithm>
#include <filesystem>

namespace opr::storage {

namespace {

bool lies_in(const std::filesystem::path& path, const std::string& root) {
  std::error_code error;
  auto folder = std::filesystem::weakly_canonical(root, error);
  if (error)
    return false;
  if (!folder.has_filename()) // it ends with a slash
    folder = folder.parent_path();
  auto differs = std::mismatch(folder.begin(), folder.end(), path.begin(), path.end());
  return differs.first == folder.end() && differs.second != path.end();
}

} // namespace

failure roots_fault(const std::string& path, const std::vector<std::string>& roots) {
  if (roots.empty())
    return {ec::none, {}};
  std::error_code error;
  auto real = std::filesystem::weakly_canonical(path, error);
  auto is_inside = [&](const std::string& root) { return lies_in(real, root); };
  if (!error && std::any_of(roots.begin(), roots.end(), is_inside))
    return {ec::none, {}};
  return {ec::path_refused, "the path lies outside of the folders that the storage may use"};
}

} // namespace opr::storage
