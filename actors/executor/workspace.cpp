#include "actors/executor/workspace.hpp"

#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace opr {

namespace fs = std::filesystem;

namespace {

/// Says whose a folder is: the executor's name on the first line, the runtime's id on the second.
constexpr const char* marker = "/.openruntimes";

struct owner {
  std::string executor;
  std::string runtime_id;
};

/// What the marker of a folder of ours says; nothing if it's a link, somebody else's, or has no marker.
std::optional<owner> read_marker(const std::string& root) {
  struct stat root_facts {};
  struct stat marker_facts {};
  if (lstat(root.c_str(), &root_facts) != 0 || !S_ISDIR(root_facts.st_mode) ||
      root_facts.st_uid != geteuid() || lstat((root + marker).c_str(), &marker_facts) != 0 ||
      !S_ISREG(marker_facts.st_mode) || marker_facts.st_uid != geteuid())
    return std::nullopt;
  std::ifstream file{root + marker};
  owner read;
  if (!std::getline(file, read.executor) || !std::getline(file, read.runtime_id))
    return std::nullopt;
  return read;
}

bool is_marked(const std::string& root, const std::string& executor, const std::string& runtime_id) {
  auto found = read_marker(root);
  return found && found->executor == executor && found->runtime_id == runtime_id;
}

failure file_failure(const std::string& what, const std::string& path, int error) {
  auto code = error == ENOSPC || error == EDQUOT ? ec::storage_full : ec::storage_failed;
  return {code, what + " " + path + ": " + std::generic_category().message(error)};
}

result<done> make_folder(const std::string& path, mode_t mode) {
  if (mkdir(path.c_str(), mode) != 0)
    return file_failure("could not make folder", path, errno);
  return done{};
}

} // namespace

runtime_folders folders_of(const std::string& data_dir, const std::string& executor,
                           const std::string& runtime_id) {
  return {data_dir + "/" + executor + "-" + runtime_id};
}

result<done> make_folders(const runtime_folders& folders, const std::string& executor,
                          const std::string& runtime_id) {
  if (auto removed = remove_folders(folders, executor, runtime_id); !removed)
    return removed;
  if (auto made = make_folder(folders.root, 0755); !made)
    return made;
  std::ofstream file{folders.root + marker};
  file << executor << '\n' << runtime_id << '\n';
  if (!file.flush()) {
    auto why = file_failure("could not write", folders.root + marker, errno);
    std::error_code ignored;
    fs::remove_all(folders.root, ignored); // Made just now, and without a marker nobody would remove it.
    return why;
  }
  for (const auto& path : folders.all())
    if (auto made = make_folder(path, 0755); !made)
      return made;
  return done{};
}

result<done> remove_folders(const runtime_folders& folders, const std::string& executor,
                            const std::string& runtime_id) {
  if (!is_marked(folders.root, executor, runtime_id))
    return done{};
  std::error_code error;
  // The marker goes last: what couldn't be removed is still known as ours.
  for (fs::directory_iterator it{folders.root, error}, end; !error && it != end; it.increment(error))
    if (it->path().string() != folders.root + marker)
      fs::remove_all(it->path(), error);
  if (!error)
    fs::remove_all(folders.root, error);
  if (error && error != std::errc::no_such_file_or_directory)
    return file_failure("could not remove folder", folders.root, error.value());
  return done{};
}

std::vector<std::string> find_folders(const std::string& data_dir, const std::string& executor) {
  std::vector<std::string> ids;
  std::error_code error;
  for (fs::directory_iterator it{data_dir, error}, end; !error && it != end; it.increment(error)) {
    auto name = it->path().filename().string();
    if (name.compare(0, executor.size() + 1, executor + "-") != 0)
      continue;
    auto left = read_marker(it->path().string());
    if (left && left->executor == executor && executor + "-" + left->runtime_id == name)
      ids.push_back(left->runtime_id);
  }
  return ids;
}

} // namespace opr
