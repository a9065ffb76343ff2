#include "actors/executor/engine_watcher.hpp"

#include "actors/executor/container_plan.hpp"
#include "actors/executor/networks.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <set>

namespace opr {

struct event_memory {
  std::atomic<int64_t> last_nano{0}; ///< Time of the newest event, from which a new stream catches up.
  std::set<std::string>
      out_of_memory; ///< Containers that the kernel has killed a process of; named so when they die.
  std::atomic<bool> opened{false};
};

namespace {

using watcher_ptr = engine_watcher_actor::stateful_pointer<engine_watcher_state>;

constexpr std::chrono::milliseconds longest_pause{5000};
constexpr std::chrono::seconds network_limit{30};
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

void take_event(event_memory& memory, const supervisor_actor& supervisor,
                const docker::container_event& event) {
  memory.last_nano = std::max(memory.last_nano.load(), event.time_nano);
  if (event.action == "oom")
    memory.out_of_memory.insert(event.id);
  else if (event.action == "die")
    caf::anon_send(supervisor, container_death{attribute(event, runtime_label), event.id, exit_code(event),
                                               memory.out_of_memory.count(event.id) != 0});
  else if (event.action == "destroy")
    memory.out_of_memory.erase(event.id);
}

/// The Engine is there, for the first time or again: it may lack our networks, and what happened while nobody
/// listened (deaths that no event will tell, removals that failed) is to be found out.
void catch_up(const services_ptr& with, const supervisor_actor& supervisor, const sweeper_actor& sweeper) {
  with->engine_answers = true;
  ensure_networks(with, with->now() + network_limit, [](const result<done>& made) {
    if (!made)
      spdlog::error("engine watcher can't make the runtimes' network: {}", made.error().detail);
  });
  caf::anon_send(supervisor, atom::verify_v);
  caf::anon_send(sweeper, atom::sweep_v, std::make_shared<removal_call>("", [](const result<done>&) {}));
}

void open_stream(watcher_ptr self) {
  auto& state = self->state;
  state.memory->opened = false;
  engine_watcher_actor me = self;
  docker::event_reader reader;
  reader.on_open = [memory = state.memory, with = state.with, supervisor = state.supervisor,
                    sweeper = state.sweeper] {
    memory->opened = true;
    catch_up(with, supervisor, sweeper);
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

} // namespace

engine_watcher_actor::behavior_type engine_watcher(watcher_ptr self, services_ptr with,
                                                   supervisor_actor supervisor, sweeper_actor sweeper) {
  auto& state = self->state;
  state.with = std::move(with);
  state.supervisor = std::move(supervisor);
  state.sweeper = std::move(sweeper);
  state.memory = std::make_shared<event_memory>();
  self->send(self, atom::tick_v);
  self->delayed_send(self, ping_pause, atom::verify_v);
  return {
      [self](atom::tick) { open_stream(self); },
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
