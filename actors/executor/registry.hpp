#pragma once

#include "actors/executor/protocol.hpp"
#include "actors/messages.hpp"
#include "core/activity.hpp"
#include "core/requests.hpp"

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace opr {

/// The status of a runtime that runs: `Up 1.23s`.
std::string up_for(double seconds);

/// The way to a runtime; while it is held the runtime isn't idle.
struct route {
  runtime_actor to;
  runtime_link_ptr link; ///< Set while its port accepts: an execution may go there at once.
  claim holds;
};

/// A runtime's container as it was when it was started.
struct live_container {
  std::string runtime_id;
  std::string container_id;
  int pid = 0;     ///< In the Engine's view; of its first process.
  double cpus = 0; ///< Its limit; 0: none.
};

/// What everybody may know of the runtimes, from any thread: the front end finds warm runtimes here without
/// asking the supervisor, who writes it. A runtime that leaves is taken out before anything of it is removed.
class registry {
public:
  /// Takes an id, so that nobody else makes or removes containers and folders of that name; false if it's
  /// taken.
  bool acquire(const std::string& id);
  /// Gives it back: nothing of the runtime is left.
  void release(const std::string& id);
  /// Calls back once, from any thread, when the id is given back; at once if it isn't taken.
  void when_released(const std::string& id, std::function<void()> call);

  /// Publishes a runtime under an id that was acquired.
  void add(runtime_facts facts, runtime_actor actor, std::shared_ptr<activity> doing);
  /// Takes it out of the routing. Its container may still exist.
  void remove(const std::string& id);

  /// The way to a runtime in any phase before its removal.
  std::optional<route> find_route(const std::string& id) const;
  /// Says how a runtime is reached, or (nullptr) that its port doesn't accept.
  void set_link(const std::string& id, runtime_link_ptr link);
  /// Changes what is told of a runtime, if it is there.
  void update(const std::string& id, const std::function<void(runtime_facts&)>& change);

  /// Says that a runtime's container has been started.
  void set_container(live_container what);
  /// Of all runtimes whose containers have been started.
  std::vector<live_container> containers() const;

  /// Takes runtimes out that have nothing in flight and were last used at or before `limit`.
  std::vector<runtime_actor> retire_idle(time_point limit);
  /// Ids of runtimes that have nothing in flight, the one that was unused longest first.
  std::vector<std::string> idle() const;
  /// Takes one out if it has nothing in flight.
  std::optional<runtime_actor> retire_if_idle(const std::string& id);
  /// When the one that was unused longest was last used, busy ones left out; nothing if all are busy.
  std::optional<time_point> oldest_use() const;

  std::optional<runtime_facts> find(const std::string& id) const;
  std::vector<runtime_facts> list() const; ///< By id.
  std::vector<std::string> ids() const;    ///< In order.

private:
  struct record {
    runtime_facts facts;
    runtime_actor actor;
    std::shared_ptr<activity> doing;
    runtime_link_ptr link;
    std::optional<live_container> container;
  };

  mutable std::mutex mutex_;
  std::unordered_map<std::string, record> records_;
  std::unordered_map<std::string, std::vector<std::function<void()>>> owned_; ///< And who waits for the id.
};

} // namespace opr
