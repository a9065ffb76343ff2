#pragma once

#include "http/server/connection/census.hpp"
#include "http/server/server.hpp"
#include "net/io_thread.hpp"
#include "net/loop/loop.hpp"

#include <boost/asio/post.hpp>

#include <atomic>
#include <functional>
#include <utility>

namespace opr::http {

class connection;

/// What all connections of a server share. Lives as long as the last of them, or of the answers still owed.
struct front_end {
  front_end(server_options given, handler on_request, net::io_thread& thread)
      : options(std::move(given)), serve(std::move(on_request)), io(thread.shared()) {}

  /// Runs `work` on the I/O thread, soon. Any thread, as long as the server is there.
  void post(std::function<void()> work) const { boost::asio::post(io.context, std::move(work)); }

  const server_options options;
  const handler serve;
  net::loop& io;
  std::function<void(connection&)> on_end; ///< I/O thread: a connection has nothing left to do.
  census people;
  std::atomic<bool> draining{false}; ///< Every answer is its connection's last.
};

} // namespace opr::http
