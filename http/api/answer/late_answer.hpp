#pragma once

#include "http/server/responder.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <utility>

namespace opr::http {

/// An answer in pieces whose head waits for the first of them, so that a failure before it is still told as
/// an error. A failure after it cuts the connection, which no client takes for the end. Pieces come one after
/// the other; `fail` may come at any time, from any thread.
class late_answer {
public:
  explicit late_answer(responder out) : out_(std::move(out)) {}

  /// Whether the head was sent, or never will be.
  bool begun() const;
  /// Sends the head, with the first piece.
  void begin(response head);
  void write(std::string piece);
  void finish();
  /// Sends the error if nothing was sent before; else cuts the connection.
  void fail(response error);
  void cut();

  /// See `responder`. Where nothing more will be sent, both call back at once.
  std::size_t pending() const;
  void on_drained(std::function<void()> call) const;
  void on_gone(std::function<void()> call) const;
  bool gone() const;

private:
  enum class phase : uint8_t { waiting, begun, over };

  responder current() const;
  std::pair<responder, phase> end();

  mutable std::mutex mutex_; // not held while the responder works: it may call back
  responder out_;
  phase at_ = phase::waiting;
};

} // namespace opr::http
