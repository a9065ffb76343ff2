#pragma once

#include "tests/support/descriptor.hpp"

#include <filesystem>
#include <string>
#include <sys/types.h>
#include <utility>
#include <vector>

namespace opr::test {

/// What to start.
struct program {
  std::filesystem::path file;
  std::vector<std::string> arguments = {};
  /// Besides what the test was started with. From that, all variables of the project itself are taken out
  /// (`OPR_…`, `OPEN_RUNTIMES_…`), so that a developer's own settings don't change a test.
  std::vector<std::pair<std::string, std::string>> environment = {};
  std::filesystem::path working_folder = ".";
  std::filesystem::path stdout_file = "/dev/null";
};

/// A started program, not yet waited for.
struct launched {
  pid_t pid = -1; ///< Its process group, too.
  descriptor err; ///< What it writes to stderr.
};

/// Starts it in a process group of its own, with an empty stdin. The kernel sends it SIGTERM when the calling
/// thread ends.
/// @throws std::system_error if it can't be started.
launched launch(const program& what);

} // namespace opr::test
