#pragma once

#include "app/cli.hpp"

#include <caf/fwd.hpp>

#include <csignal>
#include <functional>
#include <string>
#include <vector>

// The manners that the programs have in common.

namespace opr::app {

/// A program's life: its settings are read, the log and the process are set up, and it serves, unless the
/// command line asks for something else. What is thrown on the way ends it with a line in the log.
/// @param serve Serves until one of the signals `ends`, which all threads block.
template <class Settings>
exit_status run(const program<Settings>& what, const std::vector<std::string>& arguments,
                exit_status (*serve)(const Settings& settings, const sigset_t& ends));

/// Waits for one of the signals that `serve` got. @returns Its name.
std::string await_signal(const sigset_t& ends);

/// Sets the scheduler of the actors up.
void configure(caf::actor_system_config& config);

/// Does something at the end of its scope, however that is left.
struct at_exit {
  std::function<void()> what;
  ~at_exit() { what(); }
};

} // namespace opr::app
