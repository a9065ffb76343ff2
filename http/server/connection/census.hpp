#pragma once

#include "core/clock.hpp"

#include <condition_variable>
#include <cstddef>
#include <mutex>

namespace opr::http {

/// Counts the connections of a server. Any thread.
class census {
public:
  void opened();
  /// No answer is owed on this connection any more; called once for each.
  void done();
  void closed();

  /// Connections whose descriptor is open.
  size_t open() const;
  /// Waits until all connections are done. @returns False when the deadline came first.
  bool await_all_done(time_point deadline);

private:
  mutable std::mutex mutex_;
  std::condition_variable all_done_;
  size_t open_ = 0;
  size_t undone_ = 0;
};

} // namespace opr::http
