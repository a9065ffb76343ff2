#pragma once

#include "http/server/message.hpp"

#include <functional>
#include <memory>
#include <string>

namespace opr::http {

class exchange; ///< One request and the answer to it, on a connection.

/// The right to answer one request: from any thread, once, whole or in pieces. Copies share that right.
/// When the last copy goes without a `send` or `start`, the client gets a 500; when it goes without a
/// `finish`, the connection is reset, so that a cut answer can't be taken for a whole one.
class responder {
public:
  responder() = default;
  explicit responder(std::shared_ptr<exchange> owner) : exchange_(std::move(owner)) {}

  /// Whether there is a request to answer; without one, all below does nothing.
  explicit operator bool() const noexcept { return exchange_ != nullptr; }

  /// Keeps something until the last copy of this goes. Not while another thread may answer.
  void hold(std::shared_ptr<void> what);

  /// Answers whole. Later calls do nothing.
  void send(response answer);

  /// Begins an answer in pieces; `answer.body` is the first. With one valid `Content-Length` among its
  /// headers it is sent as one of that length, and cut if the pieces don't add up to it; without, it is
  /// chunked for HTTP/1.1 and ended by the close for HTTP/1.0.
  void start(response answer);
  /// Sends a piece. What a slow reader doesn't take is kept; `pending` says how much, `on_drained` when it
  /// went.
  void write(std::string piece);
  /// Ends an answer begun by `start`.
  void finish();
  /// Bytes that wait for the client to read.
  size_t pending() const;
  /// Calls back once, from any thread, as soon as `pending` is below 64 KiB (at once if it is), or when the
  /// client is given up. The call must not throw.
  void on_drained(std::function<void()> call);

  /// Calls back once, from any thread, when the client leaves before its answer is out; at once if it has.
  /// Ending its sending side counts as leaving, since nothing tells the two apart; an answer is sent all the
  /// same. The call must not throw, nor hold a copy of this: then the last copy would never go.
  void on_gone(std::function<void()> call);
  /// Whether the client has left.
  bool gone() const;

private:
  std::shared_ptr<exchange> exchange_;
};

} // namespace opr::http
