#pragma once

#include <cstdint>
#include <vector>

namespace opr::http {

/// The listening socket of a Pistache endpoint, which Pistache gives no access to.
class listening_socket {
public:
  /// Descriptors of this process that listen: take them before the endpoint is bound.
  static std::vector<int> all();

  /// Finds the socket that listens on `port` and wasn't there `before`. Throws `std::runtime_error`.
  listening_socket(uint16_t port, const std::vector<int>& before);
  ~listening_socket();

  listening_socket(const listening_socket&) = delete;
  listening_socket& operator=(const listening_socket&) = delete;

  /// Sets the length of the queue of connections to be accepted, which Pistache fixes at 128.
  void set_backlog(int length) const;

  /// Stops listening while Pistache goes on serving: another, unreachable listening socket takes its
  /// descriptor's place, as an accept that fails otherwise would end Pistache's thread.
  void close() const noexcept;

private:
  int descriptor_;
  int unreachable_; ///< Made in advance, so that `close` can't fail.
};

} // namespace opr::http
