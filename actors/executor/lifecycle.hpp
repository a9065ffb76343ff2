#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

namespace opr {

/// Where a runtime is in its life.
enum class phase : uint8_t {
  pending,       ///< Its id is taken, nothing else has happened.
  preparing,     ///< Folders are made, the source is fetched.
  queued,        ///< Waits for a permit to start a container.
  creating,      ///< The Engine creates the container.
  pulling,       ///< Its image is missing and being fetched; starts of others go on meanwhile.
  launching,     ///< The Engine starts it.
  building,      ///< The build command runs in it.
  collecting,    ///< The build's log is read, its archive stored.
  up,            ///< It runs; nobody has asked for its port.
  awaiting_port, ///< Executions wait until the port accepts.
  ready,         ///< Executions are forwarded.
  stopping,      ///< Told to end during a step that can't be cut short.
  removing,      ///< Container and folders are being removed.
  parting,       ///< Left as it runs for the executor's next life; calls that were cut are answered.
  gone,
};
inline constexpr std::size_t phase_count = static_cast<std::size_t>(phase::gone) + 1;

/// What happens to a runtime.
enum class event : uint8_t {
  begin,             ///< The supervisor has entered it in its table.
  adopted,           ///< The same, of one that an earlier life of the executor left running.
  prepared,          ///< Folders and source are there.
  permitted,         ///< A start permit was granted.
  created,           ///< The Engine made the container.
  image_missing,     ///< The Engine doesn't have the image.
  pulled,            ///< Now it has.
  launched,          ///< It runs, and has no build to do.
  launched_to_build, ///< It runs, and is to build.
  built,             ///< The build command ended, in whatever way.
  collected,         ///< The archive is stored.
  finished,          ///< As `collected`, of a runtime that is to go after its build.
  wanted,            ///< An execution needs the port.
  opened,            ///< The port accepts.
  refused,           ///< The port of a ready runtime doesn't accept any more.
  failed,            ///< A step failed; the cause is noted.
  died,              ///< The container ended by itself.
  frozen,            ///< Somebody paused the container: nothing in it goes on.
  stop,              ///< Somebody wants it gone: a client, idleness, the end of the executor.
  keep,              ///< The executor ends, and its next life is to adopt the container.
  removed,           ///< Nothing of it is left.
  parted,            ///< Nobody waits for it any more.
};
inline constexpr std::size_t event_count = static_cast<std::size_t>(event::parted) + 1;

/// What is done on entering the new phase.
enum class action : uint8_t {
  none,
  prepare,
  ask_permit,
  create_container,
  pull_image,
  start_container,
  run_build,
  collect_build,
  announce, ///< Answer the creator.
  await_port,
  serve_waiting,
  remove_all, ///< Out of the routing, then container and folders.
  let_go,     ///< Out of the routing, and nothing is removed.
  leave,      ///< Answer everybody who is still here, and end.
};

struct transition {
  phase from;
  event on;
  phase to;
  action then;
};

// clang-format off
/// The life of a runtime. What isn't here is ignored on purpose: a late answer of a step that was overtaken, a second
/// stop, a death while building (the build command ends with it, and says more) or while its result is stored.
inline constexpr std::array transitions{
  // from                  on                        to                    then
  transition{phase::pending,       event::begin,             phase::preparing,     action::prepare},
  transition{phase::pending,       event::adopted,           phase::awaiting_port, action::await_port},
  transition{phase::pending,       event::stop,              phase::removing,      action::remove_all},

  transition{phase::preparing,     event::prepared,          phase::queued,        action::ask_permit},
  transition{phase::preparing,     event::failed,            phase::removing,      action::remove_all},
  transition{phase::preparing,     event::stop,              phase::stopping,      action::none},

  transition{phase::queued,        event::permitted,         phase::creating,      action::create_container},
  transition{phase::queued,        event::stop,              phase::removing,      action::remove_all},

  transition{phase::creating,      event::created,           phase::launching,     action::start_container},
  transition{phase::creating,      event::image_missing,     phase::pulling,       action::pull_image},
  transition{phase::creating,      event::failed,            phase::removing,      action::remove_all},
  transition{phase::creating,      event::stop,              phase::stopping,      action::none},

  transition{phase::pulling,       event::pulled,            phase::queued,        action::ask_permit},
  transition{phase::pulling,       event::failed,            phase::removing,      action::remove_all},
  transition{phase::pulling,       event::stop,              phase::removing,      action::remove_all},

  transition{phase::launching,     event::launched,          phase::up,            action::announce},
  transition{phase::launching,     event::launched_to_build, phase::building,      action::run_build},
  transition{phase::launching,     event::failed,            phase::removing,      action::remove_all},
  transition{phase::launching,     event::died,              phase::stopping,      action::none},
  transition{phase::launching,     event::frozen,            phase::stopping,      action::none},
  transition{phase::launching,     event::stop,              phase::stopping,      action::none},

  transition{phase::building,      event::built,             phase::collecting,    action::collect_build},
  transition{phase::building,      event::failed,            phase::removing,      action::remove_all},
  transition{phase::building,      event::frozen,            phase::removing,      action::remove_all},
  transition{phase::building,      event::stop,              phase::removing,      action::remove_all},

  transition{phase::collecting,    event::collected,         phase::up,            action::announce},
  transition{phase::collecting,    event::finished,          phase::removing,      action::remove_all},
  transition{phase::collecting,    event::failed,            phase::removing,      action::remove_all},
  transition{phase::collecting,    event::stop,              phase::stopping,      action::none},

  transition{phase::up,            event::wanted,            phase::awaiting_port, action::await_port},
  transition{phase::up,            event::died,              phase::removing,      action::remove_all},
  transition{phase::up,            event::frozen,            phase::removing,      action::remove_all},
  transition{phase::up,            event::stop,              phase::removing,      action::remove_all},
  transition{phase::up,            event::keep,              phase::parting,       action::let_go},

  transition{phase::awaiting_port, event::opened,            phase::ready,         action::serve_waiting},
  transition{phase::awaiting_port, event::failed,            phase::removing,      action::remove_all},
  transition{phase::awaiting_port, event::died,              phase::removing,      action::remove_all},
  transition{phase::awaiting_port, event::frozen,            phase::removing,      action::remove_all},
  transition{phase::awaiting_port, event::stop,              phase::removing,      action::remove_all},
  transition{phase::awaiting_port, event::keep,              phase::parting,       action::let_go},

  transition{phase::ready,         event::refused,           phase::awaiting_port, action::await_port},
  transition{phase::ready,         event::died,              phase::removing,      action::remove_all},
  transition{phase::ready,         event::frozen,            phase::removing,      action::remove_all},
  transition{phase::ready,         event::stop,              phase::removing,      action::remove_all},
  transition{phase::ready,         event::keep,              phase::parting,       action::let_go},

  // The step that was under way has ended, no matter how: now nothing can come into being behind the removal's back.
  transition{phase::stopping,      event::prepared,          phase::removing,      action::remove_all},
  transition{phase::stopping,      event::created,           phase::removing,      action::remove_all},
  transition{phase::stopping,      event::image_missing,     phase::removing,      action::remove_all},
  transition{phase::stopping,      event::launched,          phase::removing,      action::remove_all},
  transition{phase::stopping,      event::launched_to_build, phase::removing,      action::remove_all},
  transition{phase::stopping,      event::collected,         phase::removing,      action::remove_all},
  transition{phase::stopping,      event::finished,          phase::removing,      action::remove_all},
  transition{phase::stopping,      event::failed,            phase::removing,      action::remove_all},

  transition{phase::removing,      event::removed,           phase::gone,          action::leave},
  transition{phase::parting,       event::parted,            phase::gone,          action::leave},
};
// clang-format on

/// The row for an event in a phase; nothing: the phase ignores it.
constexpr std::optional<transition> step(phase from, event on) noexcept {
  for (const auto& row : transitions)
    if (row.from == from && row.on == on)
      return row;
  return std::nullopt;
}

/// Whether a runtime in this phase uses its start permit.
constexpr bool holds_permit(phase at) noexcept { return at == phase::creating || at == phase::launching; }

/// Whether a runtime in this phase can still serve an execution, now or later.
constexpr bool accepts_executions(phase at) noexcept { return at < phase::stopping; }

std::string_view to_string(phase at) noexcept;
std::string_view to_string(event on) noexcept;

namespace detail {

constexpr bool no_row_twice() {
  for (std::size_t i = 0; i < transitions.size(); ++i)
    for (std::size_t j = i + 1; j < transitions.size(); ++j)
      if (transitions[i].from == transitions[j].from && transitions[i].on == transitions[j].on)
        return false;
  return true;
}

constexpr bool every_live_phase_can_be_stopped() {
  for (std::size_t i = 0; i < static_cast<std::size_t>(phase::stopping); ++i)
    if (!step(static_cast<phase>(i), event::stop))
      return false;
  return true;
}

/// Phases with a step under way, each with the event that ends it well.
inline constexpr std::array steps{
    std::pair{phase::preparing, event::prepared},          std::pair{phase::creating, event::created},
    std::pair{phase::creating, event::image_missing},      std::pair{phase::launching, event::launched},
    std::pair{phase::launching, event::launched_to_build}, std::pair{phase::collecting, event::collected},
    std::pair{phase::collecting, event::finished},
};

constexpr bool every_step_ends() {
  for (const auto& [at, ends] : steps)
    if (!step(at, ends) || !step(at, event::failed) || !step(phase::stopping, ends))
      return false;
  return step(phase::stopping, event::failed).has_value();
}

constexpr bool nothing_goes_unremoved_or_unkept() {
  for (const auto& row : transitions)
    if (row.to == phase::gone && row.from != phase::removing && row.from != phase::parting)
      return false;
  return true;
}

/// Only what runs, and has nothing else under way, may be left to the next life, and only on purpose.
constexpr bool only_what_runs_is_kept() {
  for (const auto& row : transitions)
    if (row.to == phase::parting && (row.on != event::keep || row.then != action::let_go ||
                                     row.from < phase::up || row.from > phase::ready))
      return false;
  return true;
}

/// What was adopted has been made before: it goes through no step that makes something.
constexpr bool adoption_makes_nothing() {
  auto row = step(phase::pending, event::adopted);
  for (const auto& other : transitions)
    if (other.on == event::adopted && other.from != phase::pending)
      return false;
  return row && row->to == phase::awaiting_port && row->then == action::await_port;
}

/// A container that somebody paused would let its callers wait for ever, unlike a dead one also in a build.
constexpr bool nothing_frozen_stays() {
  for (auto at : {phase::launching, phase::building, phase::up, phase::awaiting_port, phase::ready})
    if (!step(at, event::frozen))
      return false;
  return true;
}

constexpr bool removal_is_never_left_but_by_its_end() {
  for (const auto& row : transitions)
    if (row.from == phase::removing && row.to != phase::gone)
      return false;
  return true;
}

constexpr bool every_way_into_removing_removes() {
  for (const auto& row : transitions)
    if ((row.to == phase::removing) != (row.then == action::remove_all))
      return false;
  return true;
}

} // namespace detail

static_assert(detail::no_row_twice(), "an event means one thing in a phase");
static_assert(detail::every_live_phase_can_be_stopped(), "DELETE must work in every live phase");
static_assert(detail::every_step_ends(), "a step's end, good or bad, must lead on, also after a stop");
static_assert(detail::nothing_goes_unremoved_or_unkept(),
              "nothing goes without its container being removed, or kept on purpose");
static_assert(detail::only_what_runs_is_kept(), "the next life can only adopt what serves");
static_assert(detail::adoption_makes_nothing(), "an adopted container is served as it is");
static_assert(detail::nothing_frozen_stays(), "a paused container must not hold its callers");
static_assert(detail::removal_is_never_left_but_by_its_end(), "a removal can't be interrupted");
static_assert(detail::every_way_into_removing_removes(), "removing means that the removal was begun");

} // namespace opr
