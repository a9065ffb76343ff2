#pragma once

#include "actors/executor/supervisor.hpp"

namespace opr {

// The part of the supervisor that knows how many runtimes it may have, and who waits for room for one.

using supervisor_ptr = supervisor_actor::stateful_pointer<supervisor_state>;

/// What a runtime of that request takes.
room needs_of(const runtime_request& request);

/// What became of the wish for one more runtime.
struct room_answer {
  awaiting_room* waits = nullptr;  ///< There will be room: whoever wants it waits here.
  std::optional<bound> in_the_way; ///< There is none, and none is to be had. Neither: there is room now.
};

/// Looks for room for one more runtime. Where only idle ones stand in its way, the least recently used of
/// them go, and there will be room.
room_answer find_room(supervisor_ptr self, const runtime_request& request);

/// Answers those who have waited for room in vain.
/// @returns When the next of them will have.
time_point expire_awaiting(supervisor_ptr self);

} // namespace opr
