#include "actors/executor/runtime_steps.hpp"

#include <algorithm>

namespace opr {

void tick_by(runtime_ptr self, time_point at) {
  auto& state = self->state;
  if (auto wait = state.tick.by(at, state.with->now()))
    self->delayed_send(self, *wait, atom::tick_v);
}

void expire(runtime_ptr self) {
  auto& state = self->state;
  auto now = state.with->now();
  if (!state.tick.came(now))
    return tick_by(self, state.tick.wanted());
  auto next = time_point::max();

  auto late = [&](const execution_ptr& call) {
    if (call->deadline <= now)
      call->reply.give(accepts_executions(state.at) ? failure{ec::runtime_timeout, {}} : state.cause);
    else if (call->give_up <= now)
      call->reply.give({ec::runtime_failed, refuses});
    else if (call->abandoned && call->abandoned())
      call->reply.give({ec::cancelled, {}});
    if (!call->reply.given())
      next = std::min({next, call->deadline, call->give_up});
    return call->reply.given();
  };
  state.waiting.erase(std::remove_if(state.waiting.begin(), state.waiting.end(), late), state.waiting.end());

  auto unexplained = [&](const broken_call& one) {
    if (one.call->give_up <= now)
      one.call->reply.give(
          {ec::runtime_failed, "The runtime closed the connection before it answered: " + one.why.detail});
    else
      next = std::min(next, one.call->give_up);
    return one.call->reply.given();
  };
  state.broken.erase(std::remove_if(state.broken.begin(), state.broken.end(), unexplained),
                     state.broken.end());

  auto expired = [&](auto& call, ec code) {
    if (call->deadline <= now)
      call->reply.give({code, {}});
    else
      next = std::min(next, call->deadline);
    return call->reply.given();
  };
  auto late_command = [&](const command_ptr& call) { return expired(call, ec::command_timeout); };
  state.commands.erase(std::remove_if(state.commands.begin(), state.commands.end(), late_command),
                       state.commands.end());
  auto late_follower = [&](const follow_ptr& call) { return expired(call, ec::logs_timeout); };
  state.followers.erase(std::remove_if(state.followers.begin(), state.followers.end(), late_follower),
                        state.followers.end());

  if (next != time_point::max())
    tick_by(self, next);
}

} // namespace opr
