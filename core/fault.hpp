#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace opr {

/// An error for the operator's logging provider: an answer of 500 or more, a failed health check.
struct fault {
  std::string type;    ///< `general_unknown`, `health_failed`, …: what providers group by.
  std::string message; ///< For people; holds no secret.
  int status = 500;    ///< Of the answer; 0: there was none.
  std::string method;  ///< Of the request; empty: there was none.
  std::string target;  ///< Its path, without the query.
  std::vector<std::pair<std::string, std::string>> tags; ///< `executor`, `runtime_id`, …
};

/// Hands a fault to the logging provider, if there is one; returns at once, any thread.
using report_fault = std::function<void(fault)>;

} // namespace opr
