#pragma once

#include "actors/executor/supervisor.hpp"

#include <string>

namespace opr {

using supervisor_ptr = supervisor_actor::stateful_pointer<supervisor_state>;

// What the supervisor's files use of each other.

/// Makes a runtime's actor and enters it everywhere. The id must have been acquired.
void start(supervisor_ptr self, const runtime_request& request, purpose why, creation_ptr creation);

/// Takes over containers of an earlier life as they run: with their secrets, names, limits and folders, and
/// without a new start.
void adopt(supervisor_ptr self, const adoption_ptr& call);

/// Makes sure that the next tick comes no later than `at`.
void tick_by(supervisor_ptr self, time_point at);

/// A runtime has come into being: those who wait for its logs get them.
void follow_on(supervisor_ptr self, const std::string& id);

/// An id is free, or has a runtime: calls that waited for that get their turn.
void vacate(supervisor_ptr self, const std::string& id);

} // namespace opr
