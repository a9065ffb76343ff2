#pragma once

#include "actors/proxy/redis/connection.hpp"
#include "actors/proxy/redis/slot_map.hpp"
#include "actors/proxy/redis/unit.hpp"
#include "actors/proxy/state_dsn.hpp"
#include "core/result.hpp"

#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace opr::redis {

/// What a unit was answered.
struct answer {
  reply_ptr last;          ///< Of the last command; never empty.
  bool is_refused = false; ///< Something of another type stands under the key.
};

/// The way to a server, or to whichever servers of a cluster own the keys. Connects when it has to. Blocks,
/// see `connection`; for one thread.
class link {
public:
  explicit link(state_dsn where);

  /// Carries out all units, those of one server in one go; in a cluster redirections are followed, and
  /// servers that don't answer passed over.
  /// @returns The answers in the order of the units; or why not all could be carried out, with
  /// `ec::answer_too_large` and a key as detail when it is the answer about that key.
  result<std::vector<answer>> run(const std::vector<unit>& units);

  /// Whether, since this was last asked, a unit had to be sent again, to whichever server of the cluster owns
  /// its key now. That one may not have got all that was told before: replicas lag behind.
  bool took_detour() noexcept { return std::exchange(took_detour_, false); }

  /// Called between two tries in a run: it ends early, with `ec::cancelled`, once this says so.
  std::function<bool()> is_over = [] { return false; };

private:
  using indices = std::vector<std::size_t>;
  struct attempt {
    const std::vector<unit>& units;
    std::vector<answer> answers;
    indices again; ///< Those that are to be tried once more.
    failure why;   ///< The last reason for that.
  };

  result<std::map<redis_address, indices>> by_server(const std::vector<unit>& units, const indices& which);
  result<done> run_on(const redis_address& server, const indices& which, attempt& now);
  result<done> take(const redis_address& server, std::size_t index, answer&& got, attempt& now);
  result<done> learn_slots();
  result<connection*> connection_to(const redis_address& server);
  void drop(const redis_address& server);

  const state_dsn dsn_;
  slot_map slots_;
  std::deque<redis_address> servers_; ///< To begin with; those that failed last at the end.
  std::map<redis_address, std::unique_ptr<connection>> open_;
  bool took_detour_ = false;
};

} // namespace opr::redis
