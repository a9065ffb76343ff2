#pragma once

#include "actors/executor/container_plan.hpp"
#include "actors/executor/network_shares.hpp"
#include "actors/executor/next_tick.hpp"
#include "actors/executor/quarantine.hpp"
#include "actors/executor/services.hpp"
#include "actors/executor/start_gate.hpp"
#include "actors/messages.hpp"

#include <map>
#include <string>
#include <vector>

namespace opr {

/// Calls that want an id which is still taken by what leaves.
struct parked_calls {
  std::vector<execution_ptr> executions;
  std::vector<creation_ptr> creations;
};

/// A runtime in the supervisor's table, from the reservation of its id to the end of its actor. One that
/// isn't in the registry any more is leaving: who wants its id meanwhile is parked here.
struct supervised {
  runtime_actor actor;
  std::string network;
  room takes;
  bool building = false; ///< Was made to build.
  parked_calls parked;
  std::vector<removal_ptr> removals;
};

/// Calls for a runtime that starts as soon as idle ones have made room for it.
struct awaiting_room {
  std::string runtime_id;
  room needs;
  bound in_the_way = bound::runtimes;
  std::vector<execution_ptr> executions;
  std::vector<creation_ptr> creations; ///< One gets the id; the others are told.
  time_point until{};                  ///< Of the creations; executions have their own deadlines.
};

/// A reader of a build's log whose runtime isn't there yet.
struct awaiting_runtime {
  follow_ptr call;
  time_point until;
};

struct supervisor_state {
  static constexpr const char* name = "supervisor";

  services_ptr with;
  sweeper_actor sweeper;
  image_keeper_actor images;
  std::map<std::string, supervised> runtimes;
  std::map<caf::actor_addr, std::string> ids;
  std::map<std::string, parked_calls> swept; ///< By ids of which the sweeper is removing what was left.
  std::vector<awaiting_runtime> followers;
  std::vector<awaiting_room> parked; ///< In the order in which they came.
  start_gate gate{1};
  network_shares networks;
  quarantine crashes;
  next_tick tick;
  removal_ptr drained; ///< Set when the executor ends: nothing is started any more.
};

/// Owner of the table of runtimes: starts them, shares a start among its callers, retires idle ones, and
/// keeps an id taken until nothing of its runtime is left.
supervisor_actor::behavior_type supervisor(supervisor_actor::stateful_pointer<supervisor_state> self,
                                           services_ptr with, sweeper_actor sweeper,
                                           image_keeper_actor images);

} // namespace opr
