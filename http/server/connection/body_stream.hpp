#pragma once

#include "net/http_client.hpp"

#include <cstddef>
#include <functional>
#include <mutex>
#include <string>

namespace opr::http {

/// A request's body on its way from its connection, which puts pieces in, to whoever the request was handed
/// to, who pulls them. Holds what wasn't pulled yet; when that is much, the connection stops reading. Any
/// thread.
class body_stream final : public net::body_source {
public:
  /// Bytes that may wait for a pull before the connection stops reading.
  static constexpr size_t room = size_t{256} * 1024;

  /// @param on_want Tells the connection that somebody pulls who has to wait for it; from any thread.
  explicit body_stream(std::function<void()> on_want) : on_want_(std::move(on_want)) {}

  void pull(std::function<void(std::string piece)> ready) override;

  /// Adds a piece. @returns Whether there is room for more; if not, `on_want` tells when there is.
  bool put(std::string piece);
  /// The body is whole.
  void end();
  /// The rest will never come: nobody is called any more.
  void cut();
  /// Whether the body is whole, as far as the connection is concerned.
  bool ended() const;

private:
  mutable std::mutex mutex_; // not held while others are called
  std::function<void()> on_want_;
  std::function<void(std::string)> ready_; ///< Somebody waits for a piece.
  std::string held_;
  bool ended_ = false;
  bool cut_ = false;
};

} // namespace opr::http
