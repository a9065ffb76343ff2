#pragma once

#include <caf/fwd.hpp>

#include <csignal>
#include <functional>
#include <string>

// The manners that the programs have in common.

namespace opr::app {

/// Lines on stderr, each with its time and level.
/// @param level As in the settings: trace, debug, info, warning, error.
void set_up_log(const std::string& program, const std::string& level);

/// Each request takes two descriptors; the soft limit that shells give is for other programs.
void raise_descriptor_limit();

/// SIGINT and SIGTERM are awaited by `await_signal`, so every thread must block them: call before the first
/// is started.
sigset_t block_signals();

/// Waits for one of the signals that `block_signals` gave. @returns Its name.
std::string await_signal(const sigset_t& ends);

/// Large bodies come from the system and go back to it. Left alone, the C library would keep memory of that
/// size after the first one.
void give_memory_back();

/// Sets the scheduler of the actors up.
void configure(caf::actor_system_config& config);

/// Does something at the end of its scope, however that is left.
struct at_exit {
  std::function<void()> what;
  ~at_exit() { what(); }
};

} // namespace opr::app
