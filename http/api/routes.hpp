#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace opr::http {

/// What a request asks for.
enum class endpoint : uint8_t {
  none,               ///< No such path: 404.
  other_method,       ///< The path is there, but not for this method: 405.
  invalid_runtime_id, ///< The path names an id that can't be one: 400.
  live,               ///< The process answers.
  ready,              ///< It takes work.
  health,
  create_runtime,
  list_runtimes,
  get_runtime,
  delete_runtime,
  create_execution,
  create_first_execution,
  run_command,
  follow_log,
};

struct matched_route {
  endpoint to = endpoint::none;
  std::string runtime_id; ///< Where the path names one.
  std::string allow;      ///< With `other_method`: the path's methods, for the `Allow` header.
};

/// Finds the endpoint of a request. HEAD goes where GET goes.
/// @param target As on the request line, with its query.
matched_route match_route(std::string_view method, std::string_view target);

/// Whether an endpoint is work: something that an executor which ends takes no more of.
bool is_work(endpoint to) noexcept;

/// Whether a path needs the executor's key, also if there is nothing: `/v1/runtimes…` and `/v1/execution…`.
bool needs_key(std::string_view target);

} // namespace opr::http
