#include "actors/executor/supervisor.hpp"

#include "actors/executor/adoption.hpp"
#include "actors/executor/supervisor_room.hpp"
#include "actors/executor/supervisor_steps.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

namespace opr {

namespace {

/// How long a reader of logs waits for the runtime to appear (wire contract, 1.5).
constexpr std::chrono::seconds appears_within{10};

const char* const ending = "The executor is shutting down.";
const char* const being_made =
    "A runtime with the same ID is already being created. Attempt a execution soon.";

/// The sweeper is about to remove what was left under an id: it will be free soon.
parked_calls& park(supervisor_ptr self, const std::string& id) {
  auto& state = self->state;
  auto [entry, is_first] = state.swept.try_emplace(id);
  if (is_first)
    state.with->runtimes.when_released(
        id, [me = supervisor_actor{self}, id] { caf::anon_send(me, atom::vacant_v, id); });
  return entry->second;
}

void execute(supervisor_ptr self, execution_ptr call) {
  auto& state = self->state;
  const auto& wanted = call->request.runtime;
  if (state.drained) {
    call->reply.give({ec::general_unavailable, ending});
    return;
  }
  if (auto way = state.with->runtimes.find_route(wanted.runtime_id)) {
    call->holds = std::move(way->holds);
    return self->send(way->to, atom::execute_v, std::move(call));
  }
  if (auto leaving = state.runtimes.find(wanted.runtime_id); leaving != state.runtimes.end()) {
    tick_by(self, call->deadline);
    leaving->second.parked.executions.push_back(std::move(call));
    return;
  }
  if (wanted.image.empty() || wanted.source.empty()) {
    call->reply.give({ec::runtime_not_found,
                      "Runtime not found. Please start it first or provide runtime-related parameters."});
    return;
  }
  if (auto why = state.crashes.refusal(wanted, state.with->now())) {
    call->reply.give(std::move(*why));
    return;
  }
  auto room = find_room(self, wanted);
  if (room.waits != nullptr) {
    tick_by(self, call->deadline);
    room.waits->executions.push_back(std::move(call));
    return;
  }
  if (room.in_the_way) {
    call->give_back();
    call->reply.give(state.with->refused.count(*room.in_the_way));
    return;
  }
  if (!state.with->runtimes.acquire(wanted.runtime_id)) {
    tick_by(self, call->deadline);
    park(self, wanted.runtime_id).executions.push_back(std::move(call));
    return;
  }
  start(self, wanted, purpose::execute, nullptr);
  execute(self, std::move(call));
}

void create(supervisor_ptr self, creation_ptr call) {
  auto& state = self->state;
  const auto& id = call->request.runtime_id;
  if (state.drained) {
    call->reply.give({ec::general_unavailable, ending});
    return;
  }
  if (auto there = state.with->runtimes.find(id)) {
    call->reply.give({ec::runtime_conflict, there->initialised ? "" : being_made});
    return;
  }
  if (auto leaving = state.runtimes.find(id); leaving != state.runtimes.end()) {
    leaving->second.parked.creations.push_back(std::move(call));
    return;
  }
  auto crashes = has_build(call->request, purpose::create)
                     ? std::nullopt
                     : state.crashes.refusal(call->request, state.with->now());
  if (crashes) {
    call->reply.give(std::move(*crashes));
    return;
  }
  if (has_build(call->request, purpose::create) && !call->building &&
      !place::enter(state.with->builds, call->building)) {
    call->reply.give(state.with->refused.count(bound::builds));
    return;
  }
  auto room = find_room(self, call->request);
  if (room.waits != nullptr) {
    room.waits->until = state.with->now() + call->request.build_timeout;
    tick_by(self, room.waits->until);
    room.waits->creations.push_back(std::move(call));
    return;
  }
  if (room.in_the_way) {
    call->building.leave();
    call->reply.give(state.with->refused.count(*room.in_the_way));
    return;
  }
  if (!state.with->runtimes.acquire(id)) {
    park(self, id).creations.push_back(std::move(call));
    return;
  }
  auto request = call->request;
  start(self, request, purpose::create, std::move(call));
}

void remove(supervisor_ptr self, removal_ptr call) {
  auto& state = self->state;
  auto found = state.runtimes.find(call->runtime_id);
  if (found == state.runtimes.end()) {
    call->reply.give({ec::runtime_not_found, {}});
    return;
  }
  self->send(found->second.actor, atom::stop_v, std::string{"The runtime was removed."});
  found->second.removals.push_back(std::move(call));
}

void follow(supervisor_ptr self, follow_ptr call) {
  auto& state = self->state;
  auto found = state.runtimes.find(call->runtime_id);
  if (found != state.runtimes.end())
    return self->send(found->second.actor, atom::follow_v, std::move(call));
  if (state.drained) {
    call->reply.give({ec::general_unavailable, ending});
    return;
  }
  auto until = std::min(state.with->now() + appears_within, call->deadline);
  tick_by(self, until);
  state.followers.push_back({std::move(call), until});
}

void give_up_following(supervisor_ptr self) {
  auto& waiting = self->state.followers;
  auto now = self->state.with->now();
  auto late = [now](const awaiting_runtime& one) {
    return one.until <= now && (one.call->reply.give({ec::runtime_not_found, {}}), true);
  };
  waiting.erase(std::remove_if(waiting.begin(), waiting.end(), late), waiting.end());
  for (const auto& one : waiting)
    tick_by(self, one.until);
}

void give_permit(supervisor_ptr self, const std::string& id) {
  auto found = self->state.runtimes.find(id);
  if (found != self->state.runtimes.end())
    self->send(found->second.actor, atom::permit_v);
}

void take_permit(supervisor_ptr self, const std::string& id) {
  if (auto next = self->state.gate.leave(id))
    give_permit(self, *next);
}

/// Some room may have become free: those who wait for it try again, in their order.
void retry_parked(supervisor_ptr self) {
  for (auto& waiting : std::exchange(self->state.parked, {})) {
    for (auto& call : waiting.creations)
      create(self, std::move(call));
    for (auto& call : waiting.executions)
      execute(self, std::move(call));
  }
}

void end_if_drained(supervisor_ptr self) {
  auto& state = self->state;
  if (!state.drained || !state.runtimes.empty())
    return;
  state.drained->reply.give(done{});
  self->quit();
}

/// Calls that waited for an id get their turn.
void go_on(supervisor_ptr self, parked_calls&& waited) {
  for (auto& creation : waited.creations)
    create(self, std::move(creation));
  for (auto& execution : waited.executions)
    if (!execution->reply.given())
      execute(self, std::move(execution));
}

/// A runtime's actor has ended: its id is free again, and those who waited for that get their turn.
void bury(supervisor_ptr self, const caf::down_msg& down) {
  auto& state = self->state;
  auto who = state.ids.find(down.source);
  if (who == state.ids.end())
    return;
  auto id = std::move(who->second);
  state.ids.erase(who);
  auto entry = std::move(state.runtimes.extract(id).mapped());
  state.with->runtimes.release(id);
  state.networks.give_back(entry.network);
  take_permit(self, id);
  if (down.reason) {
    spdlog::error("runtime {} leaves something behind: {}", id, caf::to_string(down.reason));
    self->send(state.sweeper, atom::sweep_v, std::make_shared<removal_call>(id, [](const result<done>&) {}));
  }
  for (auto& removal : entry.removals)
    if (down.reason)
      removal->reply.give(
          {ec::general_unavailable, "The runtime ended, but not all of it could be removed yet."});
    else
      removal->reply.give(done{});
  go_on(self, std::move(entry.parked));
  retry_parked(self);
  end_if_drained(self);
}

/// Answers parked executions whose time is up.
void expire(supervisor_ptr self, std::vector<execution_ptr>& parked) {
  auto now = self->state.with->now();
  for (auto& call : parked)
    if (call->deadline <= now)
      call->reply.give({ec::runtime_timeout, {}});
    else
      tick_by(self, call->deadline);
  auto given = [](const execution_ptr& call) { return call->reply.given(); };
  parked.erase(std::remove_if(parked.begin(), parked.end(), given), parked.end());
}

/// Retires idle runtimes, and answers parked executions whose time is up.
void tidy(supervisor_ptr self) {
  auto& state = self->state;
  auto now = state.with->now();
  if (!state.tick.came(now))
    return tick_by(self, state.tick.wanted());
  for (auto& idle : state.with->runtimes.retire_idle(now - state.with->policy.inactive_threshold))
    self->send(idle, atom::stop_v, std::string{"The runtime was idle."});
  for (auto& [id, entry] : state.runtimes)
    expire(self, entry.parked.executions);
  for (auto& [id, waiting] : state.swept)
    expire(self, waiting.executions);
  give_up_following(self);
  tick_by(self, expire_awaiting(self));
  state.crashes.forget(now);
  if (!state.runtimes.empty())
    tick_by(self, state.with->runtimes.oldest_use().value_or(now) + state.with->policy.inactive_threshold);
}

void drain(supervisor_ptr self, removal_ptr call) {
  auto& state = self->state;
  state.drained = std::move(call);
  retry_parked(self); // to be told so
  for (auto& one : std::exchange(state.followers, {}))
    one.call->reply.give({ec::general_unavailable, ending});
  for (auto& [id, waiting] : std::exchange(state.swept, {}))
    go_on(self, std::move(waiting));
  for (auto& [id, entry] : state.runtimes)
    self->send(entry.actor, atom::drain_v);
  end_if_drained(self);
}

} // namespace

void tick_by(supervisor_ptr self, time_point at) {
  auto& state = self->state;
  if (auto wait = state.tick.by(at, state.with->now()))
    self->delayed_send(self, *wait, atom::tick_v);
}

void follow_on(supervisor_ptr self, const std::string& id) {
  for (auto& one : std::exchange(self->state.followers, {}))
    one.call->runtime_id == id ? follow(self, std::move(one.call))
                               : self->state.followers.push_back(std::move(one));
}

void vacate(supervisor_ptr self, const std::string& id) {
  if (auto entry = self->state.swept.extract(id))
    go_on(self, std::move(entry.mapped()));
}

supervisor_actor::behavior_type supervisor(supervisor_ptr self, services_ptr with, sweeper_actor sweeper,
                                           image_keeper_actor images) {
  self->state.with = std::move(with);
  self->state.sweeper = std::move(sweeper);
  self->state.images = std::move(images);
  self->state.networks = network_shares{self->state.with->policy.networks};
  self->state.gate = start_gate{self->state.with->policy.start_concurrency};
  self->set_down_handler([self](const caf::down_msg& down) { bury(self, down); });
  return {
      [self](atom::execute, execution_ptr& call) { execute(self, std::move(call)); },
      [self](atom::create, creation_ptr& call) { create(self, std::move(call)); },
      [self](atom::remove, removal_ptr& call) { remove(self, std::move(call)); },
      [self](atom::follow, follow_ptr& call) { follow(self, std::move(call)); },
      [self](atom::adopt, adoption_ptr& call) { adopt(self, call); },
      [self](atom::vacant, const std::string& id) { vacate(self, id); },
      [self](atom::permit, std::string& id) {
        auto found = self->state.runtimes.find(id);
        auto urgent = found != self->state.runtimes.end() && !found->second.building;
        if (self->state.gate.enter(id, urgent))
          give_permit(self, id);
      },
      [self](atom::started, const std::string& id) { take_permit(self, id); },
      [self](atom::served, const std::string& id) { self->state.crashes.served(id); },
      [self](atom::crashed, const std::string& id, uint64_t start, failure& cause) {
        self->state.crashes.failed(id, start, std::move(cause), self->state.with->now());
      },
      [self](container_death& death) {
        auto found = self->state.runtimes.find(death.runtime_id);
        if (found != self->state.runtimes.end())
          self->send(found->second.actor, std::move(death));
      },
      [self](atom::verify) {
        for (auto& [id, entry] : self->state.runtimes)
          self->send(entry.actor, atom::verify_v);
      },
      [self](atom::tick) { tidy(self); },
      [self](atom::drain, removal_ptr& call) { drain(self, std::move(call)); },
  };
}

} // namespace opr
