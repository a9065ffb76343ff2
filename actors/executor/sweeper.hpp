#pragma once

#include "actors/executor/next_tick.hpp"
#include "actors/executor/services.hpp"
#include "actors/messages.hpp"

namespace opr {

struct sweeper_state {
  static constexpr const char* name = "sweeper";
  services_ptr with;
  next_tick retry;
};

/// Removes this executor's containers and folders that no runtime owns: what an earlier life left, and what a
/// runtime could not remove. Containers and folders of other executors are never touched.
sweeper_actor::behavior_type sweeper(sweeper_actor::stateful_pointer<sweeper_state> self, services_ptr with);

} // namespace opr
