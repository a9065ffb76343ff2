#pragma once

#include "actors/executor/build_log.hpp"
#include "actors/executor/next_tick.hpp"
#include "actors/executor/services.hpp"
#include "actors/messages.hpp"

#include <memory>
#include <string>
#include <vector>

namespace opr {

/// A reader of the log.
struct log_follower {
  follow_ptr call;
  clock::duration patience; ///< Without a line for so long it has waited in vain.
};

struct log_tail_state {
  static constexpr const char* name = "log_tail";

  services_ptr with;
  std::string folder;
  script_parser parser{{}};
  uint64_t log_read = 0;     ///< Bytes of `logs.txt` that the parser has had.
  uint64_t timings_read = 0; ///< Of `timings.txt`.
  std::string lines;         ///< All so far, for those who come later.
  std::vector<log_follower> followers;
  std::shared_ptr<void> watch;
  bool is_looking = false;                ///< A look at the files is under way.
  bool has_grown = false;                 ///< They have changed since it began.
  time_point look_at = time_point::max(); ///< When the next look is due, if one is.
  bool has_ended = false;
  time_point last_look = time_point::min();
  next_tick tick;
};

/// Follows the files that `script` writes in `folder`: one reader of them for all followers. Looks when the
/// folder's watch tells of a change, but not more often than a person could follow.
/// @param started When the build was.
log_tail_actor::behavior_type log_tail(log_tail_actor::stateful_pointer<log_tail_state> self,
                                       services_ptr with, std::string folder, wall_clock::time_point started);

} // namespace opr
