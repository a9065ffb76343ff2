#pragma once

#include "core/header_list.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace opr::conformance {

struct server_address {
  std::string host;
  uint16_t port = 80;
};

/// Reads `http://host[:port]`. @throws std::runtime_error if it is anything else.
server_address parse_url(const std::string& url);

struct http_call {
  std::string method;
  std::string target;
  header_list headers; ///< `Host` and the body's length are added.
  std::string body;
  std::chrono::milliseconds timeout{60000};
  std::optional<std::chrono::milliseconds> hang_up; ///< Leave after so long, whatever has come.
};

/// How much of the body was there at a time.
struct arrival {
  double seconds; ///< Since the request was sent.
  std::size_t bytes;
};

struct http_answer {
  unsigned status = 0;
  header_list headers;
  std::string body;
  std::vector<arrival> arrivals;
  double seconds = 0; ///< From the request to the end of the answer.
};

/// One request on a connection of its own, on a client that shares no code with the project's own.
/// @returns Nothing if it hung up.
/// @throws std::runtime_error that names the request and what went wrong.
std::optional<http_answer> perform(const server_address& where, const http_call& what);

} // namespace opr::conformance
