#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <string>

namespace opr::test {

/// How a `front` treats the connections that are made to it.
struct front_manners {
  static constexpr size_t all = std::numeric_limits<size_t>::max();

  std::string certificate = {}; ///< PEM of a certificate and its key: speaks TLS. Empty: speaks plainly.
  bool says_end = true;         ///< Whether TLS ends in good order when the server closes.
  size_t bytes_up = all;        ///< Of the clients', on one connection; the next one resets it.
  size_t bytes_down = all;      ///< Of the server's.
  size_t bytes_per_second = 0;  ///< At most, in each direction; 0: as fast as it goes.
};

/// Stands between clients and a server on 127.0.0.1: with TLS, slow, or breaking off, as a test wishes.
class front {
public:
  /// Listens on a free port of 127.0.0.1.
  front(uint16_t server_port, front_manners how);
  ~front();
  front(const front&) = delete;
  front& operator=(const front&) = delete;

  uint16_t port() const noexcept;
  int connections() const noexcept;
  int ended() const noexcept; ///< How many of them have been closed.
  /// For connections that are made from now on.
  void change(front_manners how);

private:
  struct state;
  std::unique_ptr<state> state_;
};

} // namespace opr::test
