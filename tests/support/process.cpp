#include "tests/support/process.hpp"

#include <algorithm>
#include <condition_variable>
#include <fcntl.h>
#include <mutex>
#include <poll.h>
#include <stdexcept>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <thread>
#include <vector>

namespace opr::test {

namespace {

constexpr std::size_t lines_in_messages = 20;

/// Waits until the descriptor can be read. @returns False if the time is over before.
bool becomes_readable(int fd, std::chrono::milliseconds timeout) {
  using namespace std::chrono;
  auto deadline = steady_clock::now() + timeout;
  while (true) {
    auto left = ceil<milliseconds>(deadline - steady_clock::now());
    pollfd one{fd, POLLIN, 0};
    auto ready = poll(&one, 1, static_cast<int>(std::max(left, milliseconds(0)).count()));
    if (ready >= 0)
      return ready > 0;
    if (errno != EINTR)
      throw_errno("poll");
  }
}

} // namespace

struct process::state {
  explicit state(launched program) : pid(program.pid), err(std::move(program.err)) {}
  ~state();

  const pid_t pid;
  descriptor err;
  descriptor alive; ///< A pidfd: readable when the program has ended.
  descriptor log;

  std::mutex mutex;
  std::condition_variable changed;
  std::vector<std::string> lines; ///< Of stderr, whole ones.
  bool at_end = false;            ///< No more lines will come.
  std::thread reader;

  void read_lines();
  void take_whole_lines(std::string& text);
  std::string last_lines() const;
};

process::state::~state() {
  // Nobody has reaped the program yet, so the number of its group can't be somebody else's by now.
  kill(-pid, SIGKILL);
  waitpid(pid, nullptr, 0);
  if (reader.joinable())
    reader.join();
}

void process::state::read_lines() {
  std::string rest;
  char piece[4096];
  while (true) {
    auto got = read(err.get(), piece, sizeof piece);
    if (got < 0 && errno == EINTR)
      continue;
    if (got <= 0)
      break;
    if (write(log.get(), piece, static_cast<std::size_t>(got)) != got)
      rest += "(the file of stderr misses what follows)\n";
    rest.append(piece, static_cast<std::size_t>(got));
    take_whole_lines(rest);
  }
  std::lock_guard guard(mutex);
  if (!rest.empty())
    lines.push_back(rest);
  at_end = true;
  changed.notify_all();
}

void process::state::take_whole_lines(std::string& text) {
  std::lock_guard guard(mutex);
  std::size_t begin = 0;
  for (auto end = text.find('\n'); end != std::string::npos; end = text.find('\n', begin)) {
    lines.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  text.erase(0, begin);
  changed.notify_all();
}

std::string process::state::last_lines() const {
  std::string out = "; its last lines:\n";
  for (auto i = lines.size() - std::min(lines.size(), lines_in_messages); i < lines.size(); ++i)
    out += "  " + lines[i] + "\n";
  return out;
}

process::process(const program& what, const std::filesystem::path& stderr_file) {
  descriptor log(open(stderr_file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644), stderr_file);
  state_ = std::make_unique<state>(launch(what));
  state_->log = std::move(log);
  state_->alive = descriptor(static_cast<int>(syscall(SYS_pidfd_open, state_->pid, 0)), "pidfd_open");
  state_->reader = std::thread([state = state_.get()] { state->read_lines(); });
}

process::~process() = default;

pid_t process::pid() const noexcept { return state_->pid; }

std::string process::wait_for_line(std::string_view text, milliseconds timeout) {
  std::unique_lock lock(state_->mutex);
  const std::string* found = nullptr;
  std::size_t seen = 0;
  bool in_time = state_->changed.wait_for(lock, timeout, [&] {
    for (; seen < state_->lines.size() && !found; ++seen)
      if (state_->lines[seen].find(text) != std::string::npos)
        found = &state_->lines[seen];
    return found || state_->at_end;
  });
  if (found)
    return *found;
  throw std::runtime_error("no line with '" + std::string(text) + "' " +
                           (in_time ? "before the end of stderr" : "in time") + state_->last_lines());
}

void process::send(int signal) { kill(state_->pid, signal); }

exit_report process::wait_for_exit(milliseconds timeout) {
  if (!becomes_readable(state_->alive.get(), timeout)) {
    std::lock_guard guard(state_->mutex);
    throw std::runtime_error("the program has not ended in time" + state_->last_lines());
  }
  siginfo_t how{};
  if (waitid(P_PID, static_cast<id_t>(state_->pid), &how, WEXITED | WNOWAIT) != 0) // The destructor reaps it.
    throw_errno("waitid");
  return how.si_code == CLD_EXITED ? exit_report{how.si_status, 0} : exit_report{-1, how.si_status};
}

} // namespace opr::test
