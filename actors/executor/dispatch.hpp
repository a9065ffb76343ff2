#pragma once

#include "actors/executor/services.hpp"
#include "actors/messages.hpp"

namespace opr {

/// Sends an execution on its way, from any thread: straight to a runtime whose port accepts (its actor hears
/// of it only if no answer comes), to the actor of one that starts, to the supervisor if there is none.
void dispatch(const services_ptr& with, const supervisor_actor& supervisor, execution_ptr call);

/// Sends a command to its runtime; one that isn't there answers `runtime_not_found`.
void dispatch(const services_ptr& with, command_ptr call);

} // namespace opr
