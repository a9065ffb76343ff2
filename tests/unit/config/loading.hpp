#pragma once

#include "config/load.hpp"
#include "tests/support/temp_dir.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <utility>
#include <vector>

namespace opr::config {

/// Loads a file of that content with that environment.
class loading {
public:
  std::vector<std::pair<std::string, std::string>> variables{{"OPR_EXECUTOR_SECRET", "for the test"}};

  result<loaded<executor_settings>> load(std::string_view yaml) const {
    return load_executor(folder_.write("executor.yaml", yaml), environment{variables});
  }

  /// What it loads; the test fails if it does not.
  loaded<executor_settings> accepted(std::string_view yaml = "") const {
    auto outcome = load(yaml);
    if (!outcome)
      FAIL("refused: " << outcome.error().detail);
    return *outcome;
  }

  /// Why it does not load, the path of the file cut to its name; the test fails if it does.
  std::string refused(std::string_view yaml = "") const {
    auto outcome = load(yaml);
    if (outcome)
      FAIL("accepted: " << yaml);
    CHECK(outcome.error().code == ec::general_argument_invalid);
    auto detail = outcome.error().detail;
    auto folder = folder_.path().string() + "/";
    return detail.rfind(folder, 0) == 0 ? detail.substr(folder.size()) : detail;
  }

private:
  test::temp_dir folder_;
};

} // namespace opr::config
