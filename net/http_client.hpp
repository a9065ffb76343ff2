#pragma once

#include "core/clock.hpp"
#include "core/error.hpp"
#include "core/header_list.hpp"
#include "net/io_threads.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace opr::net {

/// Where a server listens: a unix socket when `unix_path` is set, else TCP.
struct address {
  std::string unix_path;
  std::string host; ///< IP address or name.
  uint16_t port = 0;
  bool tls = false;
  std::string server_name = {}; ///< Whom the certificate must be for; empty: `host`.
  bool insecure = false;        ///< Whoever answers is taken for the server: certificates aren't checked.
};

/// Gives a request's body piece by piece. All calls come from the I/O thread, the first one once the server
/// was sent the request's head.
class body_source {
public:
  virtual ~body_source() = default;
  /// Asks for the next piece. `ready` is called once, from any thread; an empty piece ends the body.
  virtual void pull(std::function<void(std::string piece)> ready) = 0;
};

/// A request to an upstream. The client sets `Host` where `headers` holds none, and always what decides on
/// framing and on the connection's life: `Content-Length`, `Transfer-Encoding` and `Connection` in `headers`
/// are left out. Method, target, field names and values must be valid already.
struct outgoing {
  std::string method = "GET";
  std::string target = "/";
  header_list headers;
  std::string
      more_headers;      ///< Complete lines, `Name: value` CR LF each, as they are sent; nothing of framing.
  std::string_view body; ///< Valid until `on_done`; `body_owner` may keep it alive.
  std::shared_ptr<const void> body_owner; ///< Released when the call is over, before `on_done`.
  std::shared_ptr<body_source> stream;    ///< Instead of `body`: sent as it comes.
  /// How long the stream is; a call whose stream isn't fails with `cancelled`. Nothing: it is sent chunked.
  std::optional<uint64_t> stream_length;
  time_point deadline = time_point::max(); ///< Of the whole call, connect and body included.
  /// How long a connection may take to be made; then the call ends with `ec::connect_failed`.
  clock::duration connect_limit = clock::duration::max();
};

/// Status line and headers of an answer.
struct response_head {
  int status = 0;
  header_list headers; ///< Names in lower case.
};

/// What a reader wants after a piece of a body.
enum class flow : uint8_t {
  more,
  pause, ///< Nothing until `call::resume`; not even the end of the answer is said before.
  stop,  ///< Not the rest: the call ends with `ec::cancelled`.
};

/// Receives an answer. All calls come from the I/O thread and must neither block nor throw; they may send and
/// cancel calls. After a `cancel` in one of them only `on_done` follows.
class response_reader {
public:
  virtual ~response_reader() = default;
  /// The final answer's head; 1xx answers are skipped.
  virtual void on_head(response_head&& head) = 0;
  /// A piece of the body, de-chunked, never empty.
  virtual flow on_body(std::string_view piece) = 0;
  /// The call is over, said exactly once and last; `why.code` is `ec::none` when the answer is complete.
  /// `connect_failed`: nothing was sent, be it that the server's certificate was refused.
  /// `connection_broken`: it may have been received. Called by `send` itself, with `ec::cancelled`, if the
  /// I/O thread has stopped already.
  virtual void on_done(failure why) = 0;
};

/// A call under way. May be dropped at once: the call goes on.
class call {
public:
  virtual ~call() = default;
  /// Ends the call with `ec::cancelled` unless it is over; any thread.
  virtual void cancel() = 0;
  /// Reads on after `flow::pause`; any thread.
  virtual void resume() = 0;
};

/// A keep-alive pool of connections to one server. Idle connections are dropped after 2 s, before Node's
/// servers close theirs (5 s), and are checked for a close by the peer before they are used. A request is
/// tried again on another connection only if none of its bytes was written.
class upstream {
public:
  virtual ~upstream() = default;
  /// Sends a request; any thread. The reader is kept until `on_done`.
  virtual std::shared_ptr<call> send(outgoing request, std::shared_ptr<response_reader> reader) = 0;
  /// Ends all calls with `ec::cancelled` and closes all connections; any thread. Later calls fail the same
  /// way. An upstream that is only dropped lets its calls go on and closes the other connections.
  virtual void close() = 0;
};

/// Opens pools; one for the process. May be destroyed before its pools, and these before or after the I/O
/// thread.
class http_client {
public:
  virtual ~http_client() = default;
  virtual std::shared_ptr<upstream> open(address where) = 0;
};

/// The client on Asio and Beast's parser.
std::unique_ptr<http_client> make_http_client(io_threads& io);

/// An answer collected whole. `then_do` runs on the I/O thread.
struct whole_response {
  response_head head;
  std::string body;
};
/// A reader that collects the answer and fails with `ec::answer_too_large` above `max_body` bytes.
std::shared_ptr<response_reader> collect(size_t max_body,
                                         std::function<void(failure why, whole_response&& answer)> then_do);

} // namespace opr::net
