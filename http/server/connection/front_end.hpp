#pragma once

#include "http/server/connection/census.hpp"
#include "http/server/server.hpp"
#include "net/io_threads.hpp"
#include "net/loop/loop.hpp"

#include <boost/asio/post.hpp>

#include <atomic>
#include <functional>
#include <utility>

namespace opr::http {

class connection;

/// What all connections of a server share. Lives as long as the last of them, or of the answers still owed.
struct front_end {
  front_end(server_options given, handler on_request, net::io_threads& threads)
      : options(std::move(given)), serve(std::move(on_request)), io(threads) {}

  /// Runs `work` on an I/O thread, soon. Any thread, as long as the server is there.
  void post(size_t thread, std::function<void()> work) const {
    boost::asio::post(io.shared(thread).context, std::move(work));
  }

  const server_options options;
  const handler serve;
  net::io_threads& io;
  /// A connection of that I/O thread has nothing left to do; called there.
  std::function<void(size_t thread, connection&)> on_end;
  census people;
  std::atomic<bool> draining{false}; ///< Every answer is its connection's last.
};

} // namespace opr::http
