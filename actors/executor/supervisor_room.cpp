#include "actors/executor/supervisor_room.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace opr {

namespace {

/// What runtimes take now, those that are leaving and those to come included.
struct occupancy {
  room all;
  room staying;
};

occupancy occupied(const supervisor_state& state) {
  occupancy now;
  auto routed = state.with->runtimes.ids();
  for (const auto& [id, entry] : state.runtimes) {
    now.all += entry.takes;
    if (std::binary_search(routed.begin(), routed.end(), id))
      now.staying += entry.takes;
  }
  for (const auto& waiting : state.parked) {
    now.all += waiting.needs;
    now.staying += waiting.needs;
  }
  return now;
}

/// The idle runtimes that have to go, least recently used first, until what stays is within the limits.
/// @param staying What would be there if nobody went; becomes what would stay.
std::vector<std::string> those_to_go(const supervisor_state& state, room& staying) {
  std::vector<std::string> go;
  for (const auto& id : state.with->runtimes.idle()) {
    if (!exceeded(state.with->policy.limits, staying))
      break;
    if (auto found = state.runtimes.find(id); found != state.runtimes.end()) {
      go.push_back(id);
      staying -= found->second.takes;
    }
  }
  return go;
}

awaiting_room* find_awaiting(supervisor_state& state, const std::string& id) {
  auto found = std::find_if(state.parked.begin(), state.parked.end(),
                            [&](const auto& one) { return one.runtime_id == id; });
  return found == state.parked.end() ? nullptr : &*found;
}

/// @returns When the next of these executions will have waited in vain.
time_point expire_executions(services& with, awaiting_room& waiting, time_point now) {
  auto next = time_point::max();
  auto late = [&](const execution_ptr& call) {
    if (call->deadline <= now) {
      call->give_back();
      call->reply.give(with.refused.count(waiting.in_the_way));
    } else {
      next = std::min(next, call->deadline);
    }
    return call->reply.given();
  };
  auto& all = waiting.executions;
  all.erase(std::remove_if(all.begin(), all.end(), late), all.end());
  return next;
}

} // namespace

room needs_of(const runtime_request& request) { return {1, request.memory_mb}; }

room_answer find_room(supervisor_ptr self, const runtime_request& request) {
  auto& state = self->state;
  const auto& limits = state.with->policy.limits;
  if (limits.runtimes == 0 && limits.memory_mb == 0)
    return {};
  if (auto* waiting = find_awaiting(state, request.runtime_id))
    return {waiting, {}};
  const auto needs = needs_of(request);
  auto taken = occupied(state);
  const auto in_the_way = exceeded(limits, taken.all += needs);
  if (!in_the_way)
    return {};
  const auto go = those_to_go(state, taken.staying += needs);
  if (auto still = exceeded(limits, taken.staying))
    return {nullptr, still};
  for (const auto& id : go)
    if (auto idle = state.with->runtimes.retire_if_idle(id))
      self->send(*idle, atom::stop_v, std::string{"The runtime was idle, and another one needed its place."});
  state.parked.push_back({request.runtime_id, needs, *in_the_way, {}, {}, {}});
  return {&state.parked.back(), {}};
}

time_point expire_awaiting(supervisor_ptr self) {
  auto& state = self->state;
  auto now = state.with->now();
  auto next = time_point::max();
  for (auto& waiting : state.parked) {
    next = std::min(next, expire_executions(*state.with, waiting, now));
    if (waiting.until <= now) {
      for (auto& call : std::exchange(waiting.creations, {}))
        call->reply.give(state.with->refused.count(waiting.in_the_way));
    } else if (!waiting.creations.empty()) {
      next = std::min(next, waiting.until);
    }
  }
  auto nobody = [](const awaiting_room& one) { return one.executions.empty() && one.creations.empty(); };
  state.parked.erase(std::remove_if(state.parked.begin(), state.parked.end(), nobody), state.parked.end());
  return next;
}

} // namespace opr
