#pragma once

#include "actors/executor/services.hpp"
#include "actors/messages.hpp"

#include <chrono>
#include <memory>

namespace opr {

/// What the events of one life of the stream have told so far; only its callbacks touch it.
struct event_memory;

struct engine_watcher_state {
  static constexpr const char* name = "watcher";

  services_ptr with;
  supervisor_actor supervisor;
  sweeper_actor sweeper;
  std::shared_ptr<docker::operation> stream;
  std::shared_ptr<event_memory> memory;
  std::chrono::milliseconds pause{100}; ///< Before the next try to connect; doubles up to 5 s.
};

/// Follows the Engine's events: tells the supervisor of deaths, keeps `engine_answers` true, and connects
/// again after the Engine went away, catching up on what it missed.
engine_watcher_actor::behavior_type
engine_watcher(engine_watcher_actor::stateful_pointer<engine_watcher_state> self, services_ptr with,
               supervisor_actor supervisor, sweeper_actor sweeper);

} // namespace opr
