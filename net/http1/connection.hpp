#pragma once

#include "net/http1/answer_decoder.hpp"
#include "net/http1/outbox.hpp"
#include "net/name_lookup.hpp"

#include <memory>

namespace opr::net {

class active_call;
class loop;
class pool;

/// A connection to a server, which carries one call at a time. Tries system calls at once and waits for
/// an event only when the kernel says so. I/O thread only; between calls it rests in its pool.
class connection : public std::enable_shared_from_this<connection> {
public:
  /// @param owner Outlives all calls that the connection carries, and its rest.
  connection(loop& shared, pool& owner);

  /// Connects to the first of the addresses that accepts, then carries the call.
  void open(endpoints where, active_call& first);

  /// Carries another call.
  /// @returns False if the peer has closed the connection meanwhile: nothing of the request was written, and
  /// the
  ///          connection is closed.
  bool reuse(active_call& next);

  /// Reads on after the reader's pause.
  void resume();
  /// Sends the next piece of a streamed body; an empty one ends it.
  void send_piece(std::string piece);

  /// Closes the socket and forgets the call. Idempotent.
  void close();

private:
  void connect(size_t index);
  void on_connected(size_t index, const boost::system::error_code& why);
  bool is_quiet();

  void begin(active_call& next);
  boost::system::error_code flush();
  void go_on_sending(const boost::system::error_code& why);
  void give_up_sending();
  bool is_request_sent() const noexcept;

  void await_readable();
  void on_readable();
  bool read_once();
  void on_stream_end(const boost::system::error_code& why);
  void act_on(progress how);
  void finish();

  loop& shared_;
  pool& owner_;
  stream_socket socket_;
  endpoints where_;                ///< Only while connecting.
  active_call* carried_ = nullptr; ///< None while the connection rests or is closed.
  outbox outbox_;
  answer_decoder decoder_;
  size_t sent_ = 0;              ///< Bytes of the request.
  bool is_body_given_ = false;   ///< The outbox was given the request's end.
  bool is_sending_over_ = false; ///< The peer takes no more; it may have answered before.
  bool is_awaiting_read_ = false;
  bool is_paused_ = false;
};

} // namespace opr::net
