#include "actors/executor/runtime.hpp"

#include "actors/executor/forward.hpp"
#include "actors/executor/runtime_steps.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

namespace opr {

namespace {

/// How long a broken connection waits for the news of a death before it is answered without.
constexpr std::chrono::milliseconds death_news_limit{500};

double seconds_since_begun(const runtime_state& state) {
  return std::chrono::duration<double>(state.with->now() - state.begun).count();
}

void take_made(runtime_ptr self, std::shared_ptr<created_runtime> made) {
  auto& state = self->state;
  state.made = std::move(made);
  state.made->duration = seconds_since_begun(state);
  state.made->start_time = unix_seconds(wall_clock::now()) - state.made->duration;
}

void announce(runtime_ptr self) {
  auto& state = self->state;
  state.with->runtimes.update(state.order.request.runtime_id, [&state](runtime_facts& facts) {
    facts.status = up_for(seconds_since_begun(state));
    facts.initialised = true;
  });
  if (!state.made)
    take_made(self, std::make_shared<created_runtime>());
  follow_on(self);
  if (auto creation = std::move(state.order.creation))
    creation->reply.give(std::move(*state.made));
  state.working.served(state.with->now());
}

/// Forwards those who wait, as far as there is room, in the order in which they came.
void serve_more(runtime_ptr self) {
  auto& state = self->state;
  auto& waiting = state.waiting;
  const auto& slots = state.link->slots;
  auto next = waiting.begin();
  for (; next != waiting.end(); ++next) {
    auto& call = *next;
    if (call->reply.given() || (call->abandoned && call->abandoned()))
      continue;
    if (slots)
      slots->expect();
    if (!place::enter(slots, call->slot))
      break;
    forward(state.with, state.link, self, std::move(call));
  }
  waiting.erase(waiting.begin(), next);
}

void serve_waiting(runtime_ptr self) {
  auto& state = self->state;
  if (!state.ready_at)
    self->send(state.supervisor, atom::served_v, state.order.request.runtime_id);
  state.ready_at = state.with->now();
  state.working.served(*state.ready_at); // One that was adopted is in use until now.
  state.with->runtimes.set_link(state.order.request.runtime_id, state.link);
  serve_more(self);
}

void perform(runtime_ptr self, action what) {
  switch (what) {
  case action::none:
    return;
  case action::prepare:
    return prepare(self);
  case action::ask_permit:
    return self->send(self->state.supervisor, atom::permit_v, self->state.order.request.runtime_id);
  case action::create_container:
    return create_container(self);
  case action::pull_image:
    return pull_image(self);
  case action::start_container:
    return start_container(self);
  case action::run_build:
    run_build(self);
    return follow_on(self);
  case action::collect_build:
    return collect_build(self);
  case action::announce:
    return announce(self);
  case action::await_port:
    return await_port(self);
  case action::serve_waiting:
    return serve_waiting(self);
  case action::remove_all:
    return remove_all(self);
  case action::let_go:
    return let_go(self);
  case action::leave:
    return leave(self);
  }
}

void advance(runtime_ptr self, event on) {
  auto& state = self->state;
  auto row = step(state.at, on);
  spdlog::trace("runtime {}: {} in {}{}", state.order.request.runtime_id, to_string(on), to_string(state.at),
                row ? "" : " (ignored)");
  if (!row)
    return;
  state.at = row->to;
  // Out of the routing first: a call that came now would be sent here and back again for ever.
  if (accepts_executions(row->from) && !accepts_executions(row->to))
    state.with->runtimes.remove(state.order.request.runtime_id);
  if (row->from == phase::ready && row->to == phase::awaiting_port)
    state.with->runtimes.set_link(state.order.request.runtime_id, nullptr);
  if (holds_permit(row->from) && !holds_permit(row->to))
    self->send(state.supervisor, atom::started_v, state.order.request.runtime_id);
  perform(self, row->then);
  // What came while it was made, when nobody could heed it.
  if (state.at == phase::up && state.death)
    advance(self, event::died);
  else if (state.at == phase::up && !state.waiting.empty())
    advance(self, event::wanted);
}

void accept(runtime_ptr self, execution_ptr call) {
  auto& state = self->state;
  if (!accepts_executions(state.at)) {
    call->holds.release();
    return self->send(state.supervisor, atom::execute_v, std::move(call));
  }
  if (state.waiting.size() >= state.with->policy.max_queue) {
    call->give_back();
    call->reply.give(state.with->refused.count(bound::concurrency));
    return;
  }
  tick_by(self, call->deadline);
  state.waiting.push_back(std::move(call));
  if (state.at == phase::ready)
    return serve_more(self);
  if (state.at == phase::up)
    advance(self, event::wanted);
}

void take_command(runtime_ptr self, command_ptr call) {
  auto& state = self->state;
  if (!accepts_executions(state.at)) {
    call->reply.give({ec::runtime_not_found, {}});
  } else if (state.ip_address.empty()) {
    tick_by(self, call->deadline);
    state.commands.push_back(std::move(call));
  } else {
    run_command(self, std::move(call));
  }
}

void take_follower(runtime_ptr self, follow_ptr call) {
  tick_by(self, call->deadline);
  follow_build(self, std::move(call));
}

/// A forwarded execution came back without an answer.
void take_back(runtime_ptr self, execution_ptr call, failure why) {
  auto& state = self->state;
  call->slot.leave();
  if (call->reply.given())
    return;
  if (why.code == ec::connect_failed && accepts_executions(state.at)) {
    // Nothing was sent: it may be tried again, here while the port is only away for a moment.
    if (call->give_up == time_point::max())
      call->give_up = state.with->now() + state.with->policy.retry_patience;
    if (call->give_up <= state.with->now()) {
      call->reply.give({ec::runtime_failed, refuses});
      return;
    }
    tick_by(self, std::min(call->give_up, call->deadline));
    state.waiting.push_back(std::move(call));
    return advance(self, event::refused);
  }
  if (why.code == ec::connect_failed)
    return accept(self, std::move(call));
  if (!accepts_executions(state.at)) {
    call->reply.give(state.cause);
    call->holds.release();
    if (state.doing->in_flight == 0)
      advance(self, event::parted);
    return;
  }
  call->give_up = state.with->now() + death_news_limit;
  tick_by(self, call->give_up);
  state.broken.push_back({std::move(call), std::move(why)});
}

/// Whether executions go on in a runtime that refuses new connections.
bool serves_others(const runtime_state& state) {
  return state.ready_at && state.doing->in_flight > state.waiting.size();
}

/// The port didn't come back in time, but the runtime is busy, and a busy one is never removed.
void refuse_waiting(runtime_ptr self) {
  for (auto& call : std::exchange(self->state.waiting, {}))
    call->reply.give({ec::runtime_failed, refuses});
  advance(self, event::opened);
}

void take_report(runtime_ptr self, report& end) {
  auto& state = self->state;
  // The late end of a step that was overtaken, as of the port probe that a removal cancels, tells nothing.
  if (!step(state.at, end.on))
    return;
  switch (end.on) {
  case event::created:
    state.container_id = std::move(end.text);
    break;
  case event::launched:
  case event::launched_to_build:
    state.ip_address = std::move(end.text);
    break;
  case event::collected:
  case event::finished:
    if (state.at != phase::stopping)
      take_made(self, std::move(end.build));
    break;
  case event::removed:
    if (!end.text.empty())
      state.cause.detail += " Its last output was:\n" + end.text;
    state.left = std::move(end.why);
    break;
  case event::failed:
    if (state.at == phase::awaiting_port && serves_others(state))
      return refuse_waiting(self);
    // A runtime that was told to stop goes for that reason, whatever its last step says.
    if (state.at != phase::stopping)
      state.cause = std::move(end.why);
    break;
  default:
    break;
  }
  advance(self, end.on);
  if (end.on == event::launched || end.on == event::launched_to_build)
    for (auto& call : std::exchange(state.commands, {}))
      take_command(self, std::move(call));
}

void take_death(runtime_ptr self, const container_death& death) {
  auto& state = self->state;
  if (death.container_id != state.container_id || !accepts_executions(state.at))
    return;
  auto how = describe_death(death, state.order.request.memory_mb);
  spdlog::warn("runtime {}: {}", state.order.request.runtime_id, how);
  state.cause = {ec::runtime_failed, how};
  state.death = death;
  for (auto& [call, why] : std::exchange(state.broken, {}))
    call->reply.give(state.cause);
  advance(self, death.frozen ? event::frozen : event::died);
}

void take_build_end(runtime_ptr self, build_end& end) {
  if (self->state.at != phase::building)
    return;
  self->state.ended = std::move(end);
  if (self->state.death)
    self->state.ended->how = self->state.cause.detail;
  advance(self, event::built);
}

void stop(runtime_ptr self, std::string why) {
  auto& state = self->state;
  if (step(state.at, event::stop))
    state.cause = {ec::runtime_failed, std::move(why)};
  advance(self, event::stop);
}

/// The executor ends.
void drain(runtime_ptr self) {
  auto& state = self->state;
  auto can_be_adopted = !has_build(state.order.request, state.order.why) && step(state.at, event::keep);
  auto last = state.with->policy.keep_on_exit && can_be_adopted ? event::keep : event::stop;
  if (step(state.at, last))
    state.cause = {ec::general_unavailable, "The executor is shutting down."};
  advance(self, last);
}

} // namespace

runtime_actor::behavior_type runtime(runtime_ptr self, services_ptr with, supervisor_actor supervisor,
                                     std::shared_ptr<runtime_order> order) {
  auto& state = self->state;
  state.with = std::move(with);
  state.supervisor = std::move(supervisor);
  state.order = std::move(*order);
  state.doing = std::move(state.order.doing);
  state.working = std::move(state.order.working);
  state.begun = state.with->now();
  state.container_id = state.order.container_id;
  state.ip_address = state.order.ip_address;
  state.adopted = !state.container_id.empty();
  return {
      [self](atom::execute, execution_ptr& call) { accept(self, std::move(call)); },
      [self](atom::room) {
        if (self->state.at == phase::ready)
          serve_more(self);
      },
      [self](atom::broken, execution_ptr& call, failure& why) {
        take_back(self, std::move(call), std::move(why));
      },
      [self](atom::command, command_ptr& call) { take_command(self, std::move(call)); },
      [self](atom::follow, follow_ptr& call) { take_follower(self, std::move(call)); },
      [self](atom::stop, std::string& why) { stop(self, std::move(why)); },
      [self](atom::drain) { drain(self); },
      [self](atom::begin) { advance(self, self->state.adopted ? event::adopted : event::begin); },
      [self](atom::permit) { advance(self, event::permitted); },
      [self](report& end) { take_report(self, end); },
      [self](build_end& end) { take_build_end(self, end); },
      [self](const container_death& death) { take_death(self, death); },
      [self](atom::verify) { verify_container(self); },
      [self](atom::tick) { expire(self); },
  };
}

} // namespace opr
