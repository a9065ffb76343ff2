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
  removal_ptr first_look; ///< Answered once what an earlier life left is known, or the Engine isn't there.
  bool looking = false;   ///< At what an earlier life left.
  std::chrono::milliseconds pause{100}; ///< Before the next try to connect; doubles up to 1 s.
};

/// Follows the Engine's events: tells the supervisor of deaths, keeps `engine_answers` true, and connects
/// again after the Engine went away. On each connection, and every maintenance interval, it has the table
/// compared with the Engine: networks, containers of the table, containers and folders of nobody. The first
/// time, what an earlier life left is adopted before.
engine_watcher_actor::behavior_type
engine_watcher(engine_watcher_actor::stateful_pointer<engine_watcher_state> self, services_ptr with,
               supervisor_actor supervisor, sweeper_actor sweeper);

} // namespace opr
