#pragma once

#include "core/calls.hpp"
#include "support/client.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace opr::http::test {

inline constexpr std::string_view api_key = "key";

/// The executor's API on a server, with nothing behind it: the test itself takes the calls and answers them.
class api_under_test {
public:
  api_under_test();
  ~api_under_test();
  api_under_test(const api_under_test&) = delete;
  api_under_test& operator=(const api_under_test&) = delete;

  uint16_t port() const;
  /// The next call of its kind; waits for it. Throws when none comes in `client::patience`.
  execution_ptr next_execution();
  command_ptr next_command();
  follow_ptr next_follow();

  void set_usage(usage_figures figures);
  void set_engine_answers(bool answers);
  void close_gate(); ///< The executor ends.
  bool is_idle();    ///< After that: whether no work is under way any more; waits a moment for it.

private:
  struct state;
  std::unique_ptr<state> state_;
};

/// A request with the key. @param fields More header lines, each with its end.
std::string authorised(std::string_view method, std::string_view target, std::string_view fields = "",
                       std::string_view body = "");

} // namespace opr::http::test
