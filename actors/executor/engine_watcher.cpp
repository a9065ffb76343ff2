#include "actors/executor/engine_watcher.hpp"

#include "actors/executor/adoption.hpp"
#include "actors/executor/container_plan.hpp"
#include "actors/executor/networks.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <set>
#include <utility>

namespace opr {

struct event_memory {
  std::atomic<int64_t> last_nano{0}; ///< Time of the newest event, from which a new stream catches up.
  std::set<std::string>
      out_of_memory; ///< Containers that the kernel has killed a process of; named so when they die.
  std::atomic<bool> opened{false};
};

namespace {

using watcher_ptr = engine_watcher_actor::stateful_pointer<engine_watcher_state>;

constexpr std::chrono::milliseconds longest_pause{1000};
constexpr std::chrono::seconds network_limit{30};
constexpr std::chrono::seconds adoption_limit{10};
/// After a look at what an earlier life left that failed with the Engine there.
constexpr std::chrono::seconds adoption_pause{5};
constexpr std::chrono::seconds ping_pause{5};
constexpr std::chrono::seconds ping_limit{3};

std::string attribute(const docker::container_event& event, const char* name) {
  auto found = event.attributes.find(name);
  return found == event.attributes.end() ? std::string{} : found->second;
}

int exit_code(const docker::container_event& event) {
  auto text = attribute(event, "exitCode");
  int code = -1;
  std::from_chars(text.data(), text.data() + text.size(), code);
  return code;
}

/// A container that is removed has mostly died before, of which its runtime has heard then.
void take_event(event_memory& memory, const supervisor_actor& supervisor,
                const docker::container_event& event) {
  memory.last_nano = std::max(memory.last_nano.load(), event.time_nano);
  container_death death{attribute(event, runtime_label), event.id, -1, false, false};
  if (event.action == "oom") {
    memory.out_of_memory.insert(event.id);
    return;
  }
  if (event.action == "die") {
    death.exit_code = exit_code(event);
    death.out_of_memory = memory.out_of_memory.count(event.id) != 0;
  } else if (event.action == "pause") {
    death.frozen = true;
  } else if (event.action == "destroy") {
    memory.out_of_memory.erase(event.id);
  } else {
    return;
  }
  caf::anon_send(supervisor, std::move(death));
}

void make_networks(const services_ptr& with) {
  ensure_networks(with, with->now() + network_limit, [](const result<done>& made) {
    if (!made)
      spdlog::error("engine watcher can't make the runtimes' network: {}", made.error().detail);
  });
}

/// Table and Engine are compared: deaths that no event has told, what nobody owns.
void compare(watcher_ptr self) {
  self->send(self->state.supervisor, atom::verify_v);
  self->send(self->state.sweeper, atom::sweep_v,
             std::make_shared<removal_call>("", [](const result<done>&) {}));
}

/// The Engine is there: it may lack our networks, and what happened while nobody listened is to be found out.
void catch_up(watcher_ptr self) {
  auto& state = self->state;
  if (!state.with->engine_answers)
    return;
  make_networks(state.with);
  if (state.with->adopted)
    return compare(self);
  if (std::exchange(state.looking, true))
    return;
  engine_watcher_actor me = self;
  adopt_leftovers(state.with, state.supervisor, state.with->now() + adoption_limit,
                  [me](result<std::size_t> count) {
                    if (count && *count > 0)
                      spdlog::info("executor goes on with {} runtimes of its earlier life", *count);
                    caf::anon_send(me, atom::adopt_v, count ? failure{ec::none, {}} : count.error());
                  });
}

void first_look_done(watcher_ptr self) {
  if (auto waiting = std::exchange(self->state.first_look, nullptr))
    waiting->reply.give(done{});
}

void take_adoption(watcher_ptr self, const failure& end) {
  auto& state = self->state;
  state.looking = false;
  if (end.code == ec::none) {
    state.with->adopted = true;
    compare(self);
  } else {
    spdlog::error("executor can't look at what an earlier life left: {}", end.detail);
    // Without the Engine, its return leads here again.
    if (state.with->engine_answers)
      self->delayed_send(self, adoption_pause, atom::sweep_v);
  }
  first_look_done(self);
}

void open_stream(watcher_ptr self) {
  auto& state = self->state;
  state.memory->opened = false;
  engine_watcher_actor me = self;
  docker::event_reader reader;
  reader.on_open = [memory = state.memory, with = state.with, me] {
    memory->opened = true;
    with->engine_answers = true;
    caf::anon_send(me, atom::sweep_v);
  };
  reader.on_event = [memory = state.memory, supervisor = state.supervisor](docker::container_event&& event) {
    take_event(*memory, supervisor, event);
  };
  reader.on_end = [me](failure why) { caf::anon_send(me, atom::broken_v, std::move(why)); };
  // One nanosecond on: the newest event itself has been seen.
  auto since = state.memory->last_nano == 0 ? 0 : state.memory->last_nano + 1;
  state.stream = state.with->engine.watch(owner_label, state.with->policy.executor, since, std::move(reader));
}

void reopen_later(watcher_ptr self, const failure& why) {
  auto& state = self->state;
  state.with->engine_answers = false;
  if (state.memory->opened) {
    spdlog::error("engine watcher lost the Docker Engine: {}", why.detail);
    state.with->report({"engine_lost", why.detail, 0, {}, {}, {}});
    state.pause = std::chrono::milliseconds{100};
  }
  first_look_done(self);
  self->delayed_send(self, state.pause, atom::tick_v);
  state.pause = std::min(state.pause * 2, longest_pause);
}

/// An Engine that hangs leaves the stream open and says nothing: the stream is ended for it.
void look_after_engine(watcher_ptr self) {
  auto& state = self->state;
  self->delayed_send(self, ping_pause, atom::verify_v);
  if (!state.with->engine_answers)
    return;
  state.with->engine.ping(state.with->now() + ping_limit, [stream = state.stream](const result<done>& alive) {
    if (!alive && stream)
      stream->cancel();
  });
}

void maintain(watcher_ptr self) {
  spdlog::debug("engine watcher looks after everything; {} actors run", self->system().registry().running());
  catch_up(self);
  self->delayed_send(self, self->state.with->policy.maintenance_interval, atom::maintain_v);
}

} // namespace

engine_watcher_actor::behavior_type engine_watcher(watcher_ptr self, services_ptr with,
                                                   supervisor_actor supervisor, sweeper_actor sweeper) {
  auto& state = self->state;
  state.with = std::move(with);
  state.supervisor = std::move(supervisor);
  state.sweeper = std::move(sweeper);
  state.memory = std::make_shared<event_memory>();
  self->delayed_send(self, ping_pause, atom::verify_v);
  self->delayed_send(self, state.with->policy.maintenance_interval, atom::maintain_v);
  return {
      [self](atom::begin, removal_ptr& call) {
        self->state.first_look = std::move(call);
        open_stream(self);
      },
      [self](atom::tick) { open_stream(self); },
      [self](atom::sweep) { catch_up(self); },
      [self](atom::adopt, const failure& end) { take_adoption(self, end); },
      [self](atom::maintain) { maintain(self); },
      [self](atom::broken, const failure& why) { reopen_later(self, why); },
      [self](atom::verify) { look_after_engine(self); },
      [self](atom::drain) {
        if (self->state.stream)
          self->state.stream->cancel();
        self->quit();
      },
  };
}

} // namespace opr
