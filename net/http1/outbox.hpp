#pragma once

#include "net/http_client.hpp"

#include <array>
#include <string>
#include <string_view>
#include <sys/types.h>

namespace opr::net {

/// The bytes that a connection has to send next: the request, or a piece of its streamed body. Never copies a
/// body.
class outbox {
public:
  void put_request(const outgoing& request, std::string_view host);
  /// An empty piece is the end of the body.
  /// @param chunked Whether the request's head said so.
  void put_piece(std::string piece, bool chunked);
  void clear() noexcept { left_ = {}; }

  bool empty() const noexcept;
  const std::array<std::string_view, 3>& left() const noexcept { return left_; }
  void advance(size_t sent) noexcept;
  /// Sends what the socket takes at once. @returns The bytes, or -1 with `errno` set.
  ssize_t send(int descriptor);

private:
  std::string frame_; ///< Request head or chunk size; keeps its memory.
  std::string piece_;
  std::array<std::string_view, 3> left_;
};

} // namespace opr::net
