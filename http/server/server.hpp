#pragma once

#include "core/clock.hpp"
#include "http/server/message.hpp"
#include "http/server/responder.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace opr::net {
class io_threads;
}

namespace opr::http {

/// Limits and names of a front end. Times are limits, after which the client gets a 408 or is disconnected.
struct server_options {
  std::string address = "0.0.0.0";
  uint16_t port = 0; ///< 0: any free one, see `server::port`.
  /// Sent as `Server` with every answer. Empty: what answers say of `Server` and `Date` is passed on.
  std::string server_name;
  size_t max_connections = 10000; ///< More get a 503 and are closed; fewer if the descriptors don't suffice.
  size_t max_header_bytes = 64 * 1024;             ///< Request line and headers: 431.
  size_t max_body_bytes = 22 * 1024 * 1024;        ///< 413.
  std::chrono::milliseconds header_timeout{10000}; ///< First byte of a request to the end of its header.
  /// End of the header to the end of the body; with `stream_bodies` between any two pieces of it.
  std::chrono::milliseconds body_timeout{60000};
  std::chrono::milliseconds idle_timeout{75000};  ///< Between requests of a keep-alive connection.
  std::chrono::milliseconds write_timeout{60000}; ///< Without the client taking a single byte of an answer.
  /// Requests are handed over once their head is there: see `request::stream`.
  bool stream_bodies = false;
  /// What an error that the front end itself finds (400, 408, 413, 431, 500, 503, 505) looks like.
  std::function<response(int status, std::string_view why)> error_page;
};

/// Runs on an I/O thread, perhaps on several at once, for each request; must not block. It may answer at once
/// or later. What it throws becomes a 500, of which `error_page` gets to know the reason.
using handler = std::function<void(request&&, responder)>;

/// An HTTP/1.1 server on a Pistache endpoint with its own connection layer. Knows nothing of what is served.
class server {
public:
  /// Serves on an I/O thread of its own.
  server(server_options options, handler on_request);
  /// Serves on those, which must outlive the server. A request that is forwarded by the same thread costs
  /// no hand-over to another.
  server(server_options options, handler on_request, net::io_threads& io);
  ~server(); ///< Closes everything and joins; not to be called by a handler.

  server(const server&) = delete;
  server& operator=(const server&) = delete;

  /// Binds and serves. Throws `std::runtime_error` when the address can't be bound. Raises the process' soft
  /// limit of descriptors to what `max_connections` need.
  void start();
  /// The port in use.
  uint16_t port() const noexcept;
  /// Closes the listening socket and idle connections; requests already received are still answered, each
  /// with `Connection: close`.
  void stop_accepting();
  /// After `stop_accepting`: waits until every answer is out. Blocks the caller.
  /// @returns False when the deadline came first.
  bool drain(time_point deadline);
  /// Open connections.
  size_t connections() const noexcept;

private:
  struct impl;
  std::unique_ptr<net::io_threads> own_io_; ///< Empty: somebody else's is used.
  std::unique_ptr<impl> impl_;
};

} // namespace opr::http
