#pragma once

#include "actors/executor/runtime.hpp"

namespace opr {

using runtime_ptr = runtime_actor::stateful_pointer<runtime_state>;

// The steps of a runtime's life. Each begins the work and returns; its end comes back as a `report`, exactly
// once, but for `run_build`, whose end is a `build_end`, and `await_port`, whose end may be cancelled.

void prepare(runtime_ptr self);          ///< prepared | failed
void create_container(runtime_ptr self); ///< created | image_missing | failed
void pull_image(runtime_ptr self);       ///< pulled | failed
void start_container(runtime_ptr self);  ///< launched | launched_to_build | failed
void run_build(runtime_ptr self);
void collect_build(runtime_ptr self); ///< collected | finished | failed
void await_port(runtime_ptr self);    ///< opened | failed
void remove_all(runtime_ptr self);    ///< removed

/// The container goes on without this executor. Calls that are cut by that come back to be answered.
void let_go(runtime_ptr self); ///< parted
/// Answers everybody who is still here, and ends.
void leave(runtime_ptr self);

/// What a caller is told whom a runtime that runs doesn't let connect.
inline constexpr const char* refuses = "The runtime refuses connections.";
/// Makes sure that the next tick comes no later than `at`.
void tick_by(runtime_ptr self, time_point at);
/// Answers those whose time is up.
void expire(runtime_ptr self);

/// Asks the Engine whether the container still runs; a `container_death` comes back if it doesn't.
void verify_container(runtime_ptr self);

/// `Runtime exited with code 137 (out of memory, its limit is 512 MB).`
/// @param memory_mb The limit; 0: none.
std::string describe_death(const container_death& death, uint64_t memory_mb);

/// The files of a build's log as they are now; blocks for the disk.
std::shared_ptr<script_files> read_script_files(const std::string& folder);

/// Lets a reader follow the build's log, or keeps it in `followers` until there is one.
void follow_build(runtime_ptr self, follow_ptr call);
/// The build has begun, or is over: those who were kept get what there is.
void follow_on(runtime_ptr self);
/// Nothing more will come: readers who are still here have read all.
void end_log(runtime_ptr self);

/// Runs a shell command in the running container and answers it; what a command starts ends with its time.
void run_command(runtime_ptr self, command_ptr call);

} // namespace opr
