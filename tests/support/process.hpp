#pragma once

#include "tests/support/launch.hpp"

#include <chrono>
#include <csignal>
#include <memory>
#include <string>
#include <string_view>

namespace opr::test {

/// How a program ended: its exit code, or the signal that killed it.
struct exit_report {
  int code = -1;
  int signal = 0;
};

/// A program that runs, killed by the destructor with all its children. It gets SIGTERM if the test dies
/// first; for that, the thread that constructs the object must outlive it.
class process {
public:
  using milliseconds = std::chrono::milliseconds;

  /// @throws std::system_error if the program can't be started or the file not be written.
  /// @param stderr_file Receives all that the program writes to stderr, as it comes.
  process(const program& what, const std::filesystem::path& stderr_file);
  ~process();
  process(const process&) = delete;
  process& operator=(const process&) = delete;

  pid_t pid() const noexcept;

  /// Waits for a line of its stderr that contains `text`; lines from before the call count.
  /// @returns The first such line.
  /// @throws std::runtime_error with the last lines if the deadline passes or stderr ends before.
  std::string wait_for_line(std::string_view text, milliseconds timeout);

  /// Sends a signal to the program alone.
  void send(int signal = SIGTERM);

  /// Waits for its end; may be called again.
  /// @throws std::runtime_error with the last lines of stderr if the deadline passes.
  exit_report wait_for_exit(milliseconds timeout);

private:
  struct state;
  std::unique_ptr<state> state_;
};

} // namespace opr::test
