#pragma once

#include "http/server/connection/census.hpp"
#include "http/server/connection/front_thread.hpp"
#include "http/server/connection/write_thread.hpp"
#include "http/server/server.hpp"

#include <atomic>

namespace opr::http {

/// What all connections of a server share. Lives as long as the last of them, or of the answers still owed.
struct front_end {
  front_end(server_options given, handler on_request, std::chrono::milliseconds tick)
      : options(std::move(given)), serve(std::move(on_request)), writer(tick, [this] { on_tick(); }) {}

  const server_options options;
  const handler serve;
  std::function<void()> on_tick; ///< Set before `writer` starts.
  front_thread thread;
  census people;
  std::atomic<bool> draining{false}; ///< Every answer is its connection's last.
  write_thread writer;
};

} // namespace opr::http
