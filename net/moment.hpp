#pragma once

#include "core/clock.hpp"
#include "core/result.hpp"
#include "net/io_threads.hpp"

namespace opr::net {

/// Waits without a thread; any thread.
/// @param then_do Called once: on an I/O thread when the moment has come, or with `ec::cancelled` when the
/// threads stop (by `await_moment` itself if they have stopped already).
void await_moment(io_threads& io, time_point when, then<done> then_do);

} // namespace opr::net
