#pragma once

#include <cstdint>
#include <list>
#include <string>

namespace opr::http {

/// Bytes on their way to a client: sends what the socket takes at once and keeps the rest, without copying
/// it.
class outbox {
public:
  enum class outcome { sent, blocked, broken };

  /// Adds up to three pieces and sends what can be sent, after what was kept before.
  outcome send(int descriptor, std::string first, std::string second = {}, std::string third = {});
  /// Sends on when the socket is writable again.
  outcome flush(int descriptor);
  void clear() noexcept;

  /// Bytes that the socket hasn't taken yet.
  size_t pending() const noexcept { return pending_; }
  /// Bytes that the socket has taken so far.
  uint64_t taken() const noexcept { return taken_; }

private:
  void keep(std::string piece, size_t gone);
  void drop(size_t sent);

  std::list<std::string> kept_;
  size_t offset_ = 0; ///< Of the first kept piece, how much is sent.
  size_t pending_ = 0;
  uint64_t taken_ = 0;
};

} // namespace opr::http
