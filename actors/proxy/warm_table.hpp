#pragma once

#include "actors/proxy/view.hpp"
#include "core/clock.hpp"

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

namespace opr {

/// Which runtimes are on one executor, as far as this proxy knows. Any thread; nobody waits for long.
class warm_table {
public:
  /// What is known of a runtime; what this proxy knows by itself goes before what others told.
  std::optional<runtime_view> find(const std::string& runtime_id) const;

  /// A request was sent for the runtime, or broke there. @returns Whether that is news.
  bool mark(const std::string& runtime_id, runtime_view what, time_point now);

  /// What a health check has shown takes the place of all that was known when it began.
  /// @param begun Marks made since then stay.
  void replace(const std::map<std::string, runtime_view>& shown, time_point begun);

  /// What other proxies tell of this executor; may be nullptr.
  void share(std::shared_ptr<const executor_view> theirs);

  /// Nothing is there any more.
  void clear();

  /// What this proxy knows by itself.
  std::map<std::string, runtime_view> all() const;

private:
  struct entry {
    runtime_view what;
    time_point marked; ///< When a request was sent; `time_point::min()`: shown by a health check.
  };

  mutable std::mutex mutex_;
  std::unordered_map<std::string, entry> own_;
  std::shared_ptr<const executor_view> theirs_;
};

} // namespace opr
