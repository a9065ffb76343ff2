// Configuration: a file and variables behind it. What is accepted prints as a file that says the same; no
// message holds the secret.
#include "config/load.hpp"
#include "fuzz/input.hpp"
#include "storage/dsn.hpp"

#include <string>
#include <sys/mman.h>
#include <unistd.h>

namespace {

using namespace opr;
using namespace opr::fuzz;

/// A file in memory of that content.
class memory_file {
public:
  explicit memory_file(std::string_view content) : fd_(memfd_create("settings", MFD_CLOEXEC)) {
    must(fd_ >= 0 && write(fd_, content.data(), content.size()) == static_cast<ssize_t>(content.size()),
         "a file is written");
  }
  ~memory_file() { close(fd_); }
  memory_file(const memory_file&) = delete;
  memory_file& operator=(const memory_file&) = delete;

  std::string path() const { return "/proc/self/fd/" + std::to_string(fd_); }

private:
  int fd_;
};

config::environment variables(std::string_view lines) {
  config::environment env{{{"OPR_EXECUTOR_HOSTNAME", "fuzz"}}};
  while (!lines.empty()) {
    auto line = lines.substr(0, lines.find('\n'));
    lines.remove_prefix(std::min(line.size() + 1, lines.size()));
    auto equals = line.find('=');
    if (equals != std::string_view::npos)
      env.variables.emplace_back(line.substr(0, equals), line.substr(equals + 1));
  }
  return env;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  auto bytes = text_of(data, size);
  auto yaml = take_text(bytes);
  static_cast<void>(storage::parse_dsn(std::string(bytes)));
  auto loaded = config::load_executor(memory_file{yaml}.path(), variables(bytes));
  if (!loaded) {
    must(loaded.error().code == ec::general_argument_invalid, "a bad setting is an invalid argument");
    must(loaded.error().detail.find('\n') == std::string::npos, "a message is one line");
    return 0;
  }
  auto printed = config::print_executor(loaded->settings);
  auto again = config::load_executor(memory_file{printed}.path(), {});
  must(static_cast<bool>(again), "what is printed can be read");
  // A mask counts as empty, so a secret is gone the second time.
  again->settings.secret = loaded->settings.secret;
  again->settings.docker_hub_password = loaded->settings.docker_hub_password;
  again->settings.logging_config = loaded->settings.logging_config;
  must(config::print_executor(again->settings) == printed, "what is printed says the same");
  return 0;
}
