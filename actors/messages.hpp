#pragma once

#include "actors/executor/build_log.hpp"
#include "actors/executor/lifecycle.hpp"
#include "core/calls.hpp"

#include <caf/all.hpp>

#include <cstdint>
#include <memory>
#include <string>

// Every atom, type id and typed interface: read this to know the whole system.

namespace opr {

/// The end of a step that a runtime had begun; what it brought depends on the event.
struct report {
  event on = event::failed;
  failure why;      ///< failed
  std::string text; ///< created: container id; launched, launched_to_build: IPv4 address
  std::shared_ptr<created_runtime> build; ///< collected, finished
};

/// How a build command ended.
struct build_end {
  int exit_code = 0;
  std::string how; ///< Why there is no exit code to speak of: a time-out, a death. Empty: it exited.
};

/// What has been read of a growing build log.
struct log_piece {
  std::shared_ptr<script_files> more;
  bool goes_on = false; ///< There was more than was read at once.
};

/// A container ended by itself, or by somebody else's hand.
struct container_death {
  std::string runtime_id;
  std::string container_id;
  int exit_code = 0; ///< Negative: it isn't there any more.
  bool out_of_memory = false;
  bool frozen = false; ///< It lives, but somebody has paused it.
};

/// Containers that an earlier life of the executor left, see `adoption.hpp`.
struct adoption;
using adoption_ptr = std::shared_ptr<adoption>;

/// What a round of measuring processor time has found.
struct cpu_sample;
using cpu_sample_ptr = std::shared_ptr<const cpu_sample>;

} // namespace opr

CAF_BEGIN_TYPE_ID_BLOCK(opr, first_custom_type_id)
  CAF_ADD_TYPE_ID(opr, (opr::execution_ptr))
  CAF_ADD_TYPE_ID(opr, (opr::creation_ptr))
  CAF_ADD_TYPE_ID(opr, (opr::removal_ptr))
  CAF_ADD_TYPE_ID(opr, (opr::command_ptr))
  CAF_ADD_TYPE_ID(opr, (opr::follow_ptr))
  CAF_ADD_TYPE_ID(opr, (opr::log_piece))
  CAF_ADD_TYPE_ID(opr, (opr::failure))
  CAF_ADD_TYPE_ID(opr, (opr::report))
  CAF_ADD_TYPE_ID(opr, (opr::build_end))
  CAF_ADD_TYPE_ID(opr, (opr::container_death))
  CAF_ADD_TYPE_ID(opr, (opr::image_ptr))
  CAF_ADD_TYPE_ID(opr, (opr::adoption_ptr))
  CAF_ADD_TYPE_ID(opr, (opr::cpu_sample_ptr))
  CAF_ADD_ATOM(opr, opr::atom, execute, "execute")
  CAF_ADD_ATOM(opr, opr::atom, create, "create")
  CAF_ADD_ATOM(opr, opr::atom, remove, "remove")
  CAF_ADD_ATOM(opr, opr::atom, permit, "permit")
  CAF_ADD_ATOM(opr, opr::atom, started, "started")
  CAF_ADD_ATOM(opr, opr::atom, broken, "broken")
  CAF_ADD_ATOM(opr, opr::atom, verify, "verify")
  CAF_ADD_ATOM(opr, opr::atom, tick, "tick")
  CAF_ADD_ATOM(opr, opr::atom, drain, "drain")
  CAF_ADD_ATOM(opr, opr::atom, sweep, "sweep")
  CAF_ADD_ATOM(opr, opr::atom, begin, "begin")
  CAF_ADD_ATOM(opr, opr::atom, stop, "stop")
  CAF_ADD_ATOM(opr, opr::atom, command, "command")
  CAF_ADD_ATOM(opr, opr::atom, follow, "follow")
  CAF_ADD_ATOM(opr, opr::atom, changed, "changed")
  CAF_ADD_ATOM(opr, opr::atom, gone, "gone")
  CAF_ADD_ATOM(opr, opr::atom, room, "room")
  CAF_ADD_ATOM(opr, opr::atom, pull, "pull")
  CAF_ADD_ATOM(opr, opr::atom, pulled, "pulled")
  CAF_ADD_ATOM(opr, opr::atom, adopt, "adopt")
  CAF_ADD_ATOM(opr, opr::atom, maintain, "maintain")
  CAF_ADD_ATOM(opr, opr::atom, vacant, "vacant")
  CAF_ADD_ATOM(opr, opr::atom, served, "served")
  CAF_ADD_ATOM(opr, opr::atom, crashed, "crashed")
CAF_END_TYPE_ID_BLOCK(opr)

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(opr::execution_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(opr::creation_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(opr::removal_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(opr::command_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(opr::follow_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(opr::log_piece)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(opr::failure)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(opr::report)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(opr::build_end)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(opr::container_death)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(opr::image_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(opr::adoption_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(opr::cpu_sample_ptr)

namespace opr {

/// The LOG TAIL actor: the growing log of one build, and all who follow it.
using log_tail_actor = caf::typed_actor<
    // Gives a reader all lines so far, then each as it comes.
    caf::reacts_to<atom::follow, follow_ptr>,
    // A reader has left.
    caf::reacts_to<atom::gone, follow_ptr>,
    // The files have grown; from the folder's watch, once until they are looked at.
    caf::reacts_to<atom::changed>,
    // What a look at the files has brought.
    caf::reacts_to<log_piece>,
    // A reader's time may be up, or the files may be looked at again; from itself.
    caf::reacts_to<atom::tick>,
    // The build has ended; the whole of both files, nothing if they couldn't be had. From the runtime.
    caf::reacts_to<atom::stop, log_piece>>;

/// The RUNTIME actor: one per runtime id, owner of its container and folders.
using runtime_actor = caf::typed_actor<
    // Forwards it when the port listens, keeps it while the runtime starts, gives it back when it is leaving.
    caf::reacts_to<atom::execute, execution_ptr>,
    // An execution has made room for one that waits for its turn.
    caf::reacts_to<atom::room>,
    // A forwarded execution came to no answer: never sent, cut off, or cancelled.
    caf::reacts_to<atom::broken, execution_ptr, failure>,
    // Runs a shell command in the container.
    caf::reacts_to<atom::command, command_ptr>,
    // Lets a reader follow the build's log.
    caf::reacts_to<atom::follow, follow_ptr>,
    // Removes everything, in any phase, and ends; those who wait are told the reason.
    caf::reacts_to<atom::stop, std::string>,
    // The executor ends: removes everything, or leaves a container that serves to the next life, as
    // configured.
    caf::reacts_to<atom::drain>,
    // Stands in the supervisor's table; may start a container. Both from the supervisor.
    caf::reacts_to<atom::begin>, caf::reacts_to<atom::permit>,
    // A step's end; from the step.
    caf::reacts_to<report>, caf::reacts_to<build_end>,
    // Its container died; from the engine watcher by way of the supervisor.
    caf::reacts_to<container_death>,
    // Events may have been lost: look whether the container still runs.
    caf::reacts_to<atom::verify>,
    // A caller's time may be up; from itself.
    caf::reacts_to<atom::tick>>;

/// The SUPERVISOR actor: owner of the table runtime id → runtime.
using supervisor_actor = caf::typed_actor<
    // Finds or starts the runtime; warm ones are reached past the supervisor, through the registry.
    caf::reacts_to<atom::execute, execution_ptr>,
    // Starts a runtime under a free id.
    caf::reacts_to<atom::create, creation_ptr>,
    // Removes one runtime.
    caf::reacts_to<atom::remove, removal_ptr>,
    // Finds the runtime whose build a reader wants to follow; one that isn't there yet is awaited for 10 s.
    caf::reacts_to<atom::follow, follow_ptr>,
    // Takes over containers of an earlier life; the call is answered when they stand in the table.
    caf::reacts_to<atom::adopt, adoption_ptr>,
    // An id that the sweeper held is free again; from the registry.
    caf::reacts_to<atom::vacant, std::string>,
    // A runtime wants to start its container; it has done so, or doesn't want to any longer.
    caf::reacts_to<atom::permit, std::string>, caf::reacts_to<atom::started, std::string>,
    // A runtime listens for the first time; it ended before it did, by itself: the fingerprint of what it was
    // started from, and the cause.
    caf::reacts_to<atom::served, std::string>, caf::reacts_to<atom::crashed, std::string, uint64_t, failure>,
    // From the engine watcher.
    caf::reacts_to<container_death>, caf::reacts_to<atom::verify>,
    // A runtime may be idle, or a parked call's time may be up; from itself.
    caf::reacts_to<atom::tick>,
    // Removes all runtimes, or lets go of them, then answers; starts nothing from now on.
    caf::reacts_to<atom::drain, removal_ptr>>;

/// The ENGINE WATCHER actor: Docker's event stream.
using engine_watcher_actor = caf::typed_actor<
    // Opens the stream for the first time. The call is answered when what an earlier life left has been
    // looked at, or when the Engine can't be reached.
    caf::reacts_to<atom::begin, removal_ptr>,
    // The stream is to be opened again.
    caf::reacts_to<atom::tick>,
    // The Engine is there, for the first time or again: what happened while nobody listened is to be found
    // out.
    caf::reacts_to<atom::sweep>,
    // How the look at what an earlier life left has ended: well, if the failure's code is `none`.
    caf::reacts_to<atom::adopt, failure>,
    // The next round of maintenance; from itself.
    caf::reacts_to<atom::maintain>,
    // The stream ended.
    caf::reacts_to<atom::broken, failure>,
    // Is the Engine still there? It may hang with the stream open.
    caf::reacts_to<atom::verify>,
    // The executor ends.
    caf::reacts_to<atom::drain>>;

/// The SWEEPER actor: containers and folders that no runtime owns.
using sweeper_actor = caf::typed_actor<
    // Looks for them now; the call is answered when it is done.
    caf::reacts_to<atom::sweep, removal_ptr>,
    // A round could not remove everything.
    caf::reacts_to<atom::broken, failure>>;

/// The IMAGE KEEPER actor: pulls of container images, one in flight per image, and the removal of unused
/// ones.
using image_keeper_actor = caf::typed_actor<
    // The next of the configured images is to be there; from itself.
    caf::reacts_to<atom::begin>,
    // Fetches an image that the Engine doesn't have; the call is answered when it is there.
    caf::reacts_to<atom::pull, image_ptr>,
    // A pull has ended, well if the failure's code is `none`.
    caf::reacts_to<atom::pulled, std::string, failure>,
    // A runtime starts from this image.
    caf::reacts_to<atom::served, std::string>,
    // Images that an earlier life has pulled, as it wrote them down.
    caf::reacts_to<atom::adopt, std::string>,
    // It is time to look for images that nobody uses any more; from itself.
    caf::reacts_to<atom::tick>,
    // A removal has ended, well if the failure's code is `none`.
    caf::reacts_to<atom::gone, std::string, failure>>;

/// The USAGE actor: processor time of the machine and of every runtime.
using usage_actor = caf::typed_actor<
    // It is time to measure; from itself.
    caf::reacts_to<atom::tick>,
    // A round of measuring has ended.
    caf::reacts_to<cpu_sample_ptr>>;

} // namespace opr
