#pragma once

#include "tests/conformance/target.hpp"

#include <future>
#include <map>
#include <optional>
#include <string>

namespace opr::conformance {

/// Takes the steps of a case, one after the other. README.md says what can stand in a step.
class case_run {
public:
  /// @param parameters Sets of request parameters that steps name by `with`.
  /// @param known Everything that `${…}` stands for.
  case_run(const target& subject, const json& parameters, variables known);

  /// @throws std::runtime_error that names the step and says what is wrong.
  void take(const json& steps);

  const variables& known() const noexcept { return known_; }

private:
  using answer = std::optional<http_answer>;

  void take_step(const json& step);
  http_call call_of(const json& step) const;
  document body_of(const json& step) const;
  answer repeat_until_right(const http_call& call, const json& step) const;
  void capture(const http_answer& from, const json& names);

  const target& target_;
  const json& parameters_;
  variables known_;
  std::map<std::string, std::future<answer>> background_;
};

/// Removes every runtime whose id begins so.
/// @throws std::runtime_error if the executor does not let it.
void remove_runtimes(const target& of, const std::string& prefix);

/// What is wrong with an answer, if anything.
/// @throws std::runtime_error for an expectation that doesn't exist.
std::optional<std::string> mismatch(const http_answer& answer, const json& expected);

} // namespace opr::conformance
