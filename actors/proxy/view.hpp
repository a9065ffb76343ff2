#pragma once

#include <map>
#include <memory>
#include <string>

namespace opr {

/// A runtime as an executor, or whoever sent a request for it there, told of it.
struct runtime_view {
  bool passes = true; ///< `pass`, not `offline`.
  double usage = 0;   ///< Percent of its own limit, 0 to 100.
};

/// An executor as its last health check, or its last failure, showed it.
struct executor_view {
  bool online = false;
  double usage = 0;                             ///< Percent of the host, 0 to 100.
  std::map<std::string, runtime_view> runtimes; ///< By runtime id.
};

/// Executors by their name in the configuration: `host` or `host:port`.
using executors_view = std::map<std::string, executor_view>;
using executors_view_ptr = std::shared_ptr<const executors_view>;

} // namespace opr
