#pragma once

#include "actors/proxy/view.hpp"

#include <string>
#include <string_view>

namespace opr {

/// What an answer to `GET /v1/health` says of who gave it.
struct health_report {
  executor_view shown;
  bool lists_runtimes = false; ///< Else nothing is known of them, which is not the same as none.
  std::string trouble;         ///< Why it isn't online; empty if it is.
};

/// Reads such an answer: `{"status": "pass", …}` of an executor, with its figures under the names of today or
/// those of the first generation; the plain `OK` of an older one; and whatever another HTTP server says with
/// a 200. Nothing in it is trusted: what isn't as it should be is left out.
health_report read_health(int status, std::string_view body);

} // namespace opr
