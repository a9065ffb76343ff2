#pragma once

#include "actors/executor/protocol.hpp"
#include "actors/executor/services.hpp"
#include "actors/messages.hpp"

namespace opr {

/// Sends an execution to a runtime that listens, and its answer to the caller, straight from the I/O thread.
/// The runtime hears of it only when no answer came: as `atom::broken`.
void forward(const services_ptr& with, const runtime_link_ptr& link, const runtime_actor& from,
             execution_ptr call);

} // namespace opr
