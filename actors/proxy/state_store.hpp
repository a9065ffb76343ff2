#pragma once

#include "actors/proxy/view.hpp"

#include <functional>
#include <string>

namespace opr {

/// What several proxies tell each other (wire contract, 6). All calls return at once, from any thread; what
/// can't be written now is made good by what is written next, never by a caller that waits.
class state_store {
public:
  virtual ~state_store() = default;

  /// What a health check has shown, in place of all that stood there; an empty list of runtimes overwrites
  /// one.
  virtual void publish(const std::string& executor, executor_view what) = 0;
  /// A request for the runtime was sent there, or (`passes` is false) broke there.
  virtual void mark(const std::string& executor, const std::string& runtime_id, runtime_view what) = 0;
  /// The executor is not in the configuration any more, and is forgotten with its runtimes.
  virtual void withdraw(const std::string& executor) = 0;

  /// Empty while the store can be reached, else why it can't be, for health and log.
  virtual std::string trouble() const = 0;
};

/// Called from any thread, one call after the other, whenever what the other proxies wrote was read anew.
using on_shared_view = std::function<void(executors_view_ptr)>;

} // namespace opr
