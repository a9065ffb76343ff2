#pragma once

#include "core/clock.hpp"
#include "core/fault.hpp"
#include "core/header_list.hpp"
#include "reporting/provider.hpp"

#include <string>
#include <vector>

namespace opr::reporting {

/// Who reports.
struct origin {
  std::string program; ///< executor or proxy
  std::string server;  ///< The machine, or the executor's name.
  std::string version;
  bool development = false;
  std::vector<std::string> secrets; ///< Never told, wherever they stand in a fault.
};

/// A fault that happened, once or several times.
struct report {
  fault what;
  wall_clock::time_point at; ///< The first time.
  unsigned times = 1;
};

/// The request that tells a provider: always a POST.
struct upload {
  std::string target;
  header_list headers;
  std::string body; ///< JSON.
};

/// Texts are cut to what providers take, made valid UTF-8, and freed of secrets.
upload encode(const provider& to, const origin& from, const report& what);

} // namespace opr::reporting
