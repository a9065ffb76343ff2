#include "tests/support/launch.hpp"

#include <algorithm>
#include <csignal>
#include <fcntl.h>
#include <linux/close_range.h>
#include <string_view>
#include <sys/prctl.h>
#include <sys/wait.h>

namespace opr::test {

namespace {

bool is_of_project(std::string_view variable) {
  return variable.rfind("OPR_", 0) == 0 || variable.rfind("OPEN_RUNTIMES_", 0) == 0;
}

std::vector<std::string> environment_of(const program& what) {
  std::vector<std::string> out;
  for (const auto& [name, value] : what.environment)
    out.emplace_back(name).append("=").append(value);
  for (char** entry = environ; *entry; ++entry) {
    std::string_view both = *entry;
    auto name = both.substr(0, both.find('='));
    bool is_replaced = std::any_of(what.environment.begin(), what.environment.end(),
                                   [&](const auto& variable) { return variable.first == name; });
    if (!is_replaced && !is_of_project(name))
      out.emplace_back(both);
  }
  return out;
}

/// The form that execve takes; valid as long as the texts are.
std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> out(texts.size() + 1); // The last one stays null.
  std::transform(texts.begin(), texts.end(), out.begin(), [](std::string& text) { return text.data(); });
  return out;
}

struct pipe_ends {
  descriptor read;
  descriptor write;
};

pipe_ends make_pipe() {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0)
    throw_errno("pipe");
  return {{ends[0], "pipe"}, {ends[1], "pipe"}};
}

/// All that the child needs, made before the fork: the child of a program with threads may not allocate.
struct preparation {
  explicit preparation(const program& what)
      : file(std::filesystem::absolute(what.file)), folder(what.working_folder), arguments{file},
        environment(environment_of(what)), in(open("/dev/null", O_RDONLY | O_CLOEXEC), "/dev/null"),
        out(open(what.stdout_file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644),
            what.stdout_file) {
    arguments.insert(arguments.end(), what.arguments.begin(), what.arguments.end());
    argv = pointers_to(arguments);
    envp = pointers_to(environment);
  }

  std::string file;
  std::string folder;
  std::vector<std::string> arguments;
  std::vector<std::string> environment;
  std::vector<char*> argv;
  std::vector<char*> envp;
  descriptor in;
  descriptor out;
  pipe_ends err = make_pipe();
  pipe_ends failed = make_pipe(); ///< Closed by a successful execve, else it holds errno.
  pid_t parent = getpid();
};

/// What the child does: becomes the program, or says why not.
[[noreturn]] void become(const preparation& ready) {
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  sigset_t none;
  sigemptyset(&none);
  pthread_sigmask(SIG_SETMASK, &none, nullptr);
  bool parent_lives = getppid() == ready.parent; // It may have died before the prctl.
  if (parent_lives && chdir(ready.folder.c_str()) == 0 && dup2(ready.in.get(), STDIN_FILENO) >= 0 &&
      dup2(ready.out.get(), STDOUT_FILENO) >= 0 && dup2(ready.err.write.get(), STDERR_FILENO) >= 0 &&
      close_range(STDERR_FILENO + 1, ~0U, CLOSE_RANGE_CLOEXEC) == 0) // Those that the test inherited, too.
    execve(ready.file.c_str(), ready.argv.data(), ready.envp.data());
  int why = errno;
  auto written = write(ready.failed.write.get(), &why, sizeof why);
  _exit(written == sizeof why ? 127 : 126);
}

} // namespace

launched launch(const program& what) {
  preparation ready(what);
  auto pid = fork();
  if (pid < 0)
    throw_errno("fork");
  if (pid == 0)
    become(ready);
  setpgid(pid, pid); // Here too: the group has to exist before somebody kills it.
  ready.failed.write.reset();
  int why = 0;
  if (read(ready.failed.read.get(), &why, sizeof why) == sizeof why) {
    waitpid(pid, nullptr, 0);
    throw std::system_error(why, std::generic_category(), ready.file);
  }
  return {pid, std::move(ready.err.read)};
}

} // namespace opr::test
