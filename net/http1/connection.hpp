#pragma once

#include "net/http1/answer_decoder.hpp"
#include "net/http1/outbox.hpp"
#include "net/loop/readiness.hpp"
#include "net/name_lookup.hpp"
#include "net/tls/session.hpp"

#include <memory>

namespace opr::net {

class active_call;
class loop;
class pool;

/// A connection to a server, which carries one call at a time. Tries system calls at once and waits for
/// an event only when the kernel says so. I/O thread only; between calls it rests in its pool.
class connection final : public std::enable_shared_from_this<connection>, private watcher {
public:
  /// @param owner Outlives all calls that the connection carries, and its rest.
  connection(loop& shared, pool& owner) : shared_(shared), owner_(owner) {}
  ~connection() override { close(); }

  connection(const connection&) = delete;
  connection& operator=(const connection&) = delete;

  /// Connects to the first of the addresses that accepts, then carries the call.
  void open(endpoints where, active_call& first);

  /// Carries another call.
  /// @param look Whether to look first if the peer has closed the connection, or said what nobody asked for;
  /// an event that tells so needs a moment to arrive.
  /// @returns False if it has: nothing of the request was written, and the connection is closed.
  bool reuse(active_call& next, bool look);

  /// Reads on after the reader's pause.
  void resume();
  /// Sends the next piece of a streamed body; an empty one ends it.
  void send_piece(std::string piece);

  /// Closes the socket and forgets the call. Idempotent.
  void close();

private:
  void on_ready(readable_writable what) override;

  void connect(size_t index);
  int open_socket(const endpoint& where);
  void on_connected(int error);
  void shake_hands();
  bool is_quiet() const;

  void begin(active_call& next);
  int flush();
  ssize_t send_some();
  void go_on_sending(int error);
  void give_up_sending();
  bool is_request_sent() const noexcept;

  void read();
  bool read_once();
  ssize_t receive_some();
  void read_later();
  void on_stream_end(int error);
  void act_on(progress how);
  bool can_rest() const;
  void finish();
  std::string complaint(int error) const;

  loop& shared_;
  pool& owner_;
  int descriptor_ = -1;
  readiness::ticket ticket_ = 0;
  endpoints where_;                  ///< Only while connecting.
  size_t tried_ = 0;                 ///< Which of them.
  std::unique_ptr<tls_session> tls_; ///< Nothing on a plain connection.
  bool is_shaking_hands_ = false;
  active_call* carried_ = nullptr; ///< None while the connection rests or is closed.
  outbox outbox_;
  answer_decoder decoder_;
  size_t sent_ = 0;              ///< Bytes of the request.
  uint64_t stream_left_ = 0;     ///< Of a stream whose length was told: what didn't come yet.
  bool is_body_given_ = false;   ///< The outbox was given the request's end.
  bool is_sending_over_ = false; ///< The peer takes no more; it may have answered before.
  bool has_ended_ = false;       ///< The peer has told that it sends no more.
  bool has_more_ = false;        ///< The last read may not have taken all there was.
  bool is_paused_ = false;
};

} // namespace opr::net
