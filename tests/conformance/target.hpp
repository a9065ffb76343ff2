#pragma once

#include "tests/conformance/call.hpp"
#include "tests/conformance/document.hpp"

#include <memory>
#include <set>
#include <string>

namespace opr::conformance {

/// The executor that is tested, and what it has to work with.
struct target {
  server_address where;
  std::string key;
  bool is_original = false;       ///< Cases in which it differs on purpose are left out.
  std::set<std::string> versions; ///< Generations that it is configured for.
  variables known;                ///< What cases know of it: `v5`, `v2`, `functions`, `destination`, `key`.
};

/// One to test, as the environment names it (README.md); without OPR_CONFORMANCE_URL, this project's own,
/// started for the purpose and ended with this object.
class subject {
public:
  /// @throws std::exception if it can't be reached or started.
  subject();
  ~subject();
  const target& about() const noexcept { return target_; }

  /// Whether it has removed what the cases made. Of an executor elsewhere that can't be said.
  bool is_clean() const;

private:
  struct own;
  std::unique_ptr<own> own_;
  target target_;
};

} // namespace opr::conformance
