#pragma once

#include "actors/executor/runtime_record.hpp"
#include "actors/executor/services.hpp"
#include "actors/messages.hpp"

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace opr {

/// A container that an earlier life of this executor left running, with all that is needed to serve it.
struct adopted_container {
  runtime_record record;
  std::string container_id;
  std::string ip_address;
  int pid = 0; ///< In the Engine's view; of its first process.
};

/// Containers on their way into the supervisor's table; their ids are acquired. Answered when they are in it.
struct adoption {
  adoption(std::vector<adopted_container> what, then<done> to)
      : found(std::move(what)), reply(std::move(to), {ec::general_unavailable, "The executor ends."}) {}

  std::vector<adopted_container> found;
  answer<done> reply;
};

/// Finds, by label and folder, the containers that an earlier life of this executor left, and gives to the
/// supervisor those that run and can serve: their record is there and is theirs, they were not made to build,
/// and network and generation are configured still. All others are left as they are, for the sweeper. Those
/// of other executors are not touched.
/// @returns How many were adopted. A failure means that not all could be looked at: nothing may be swept yet.
void adopt_leftovers(const services_ptr& with, const supervisor_actor& supervisor, time_point deadline,
                     then<std::size_t> on_done);

} // namespace opr
