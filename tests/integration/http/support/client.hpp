#pragma once

#include "core/header_list.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace opr::http::test {

/// An answer as a client sees it.
struct answer {
  int status = 0; ///< 0: the connection ended before an answer was whole.
  header_list headers;
  std::string body; ///< De-chunked.
};

/// A blocking client on loopback that does exactly what it is told. Reads give up after `patience`.
class client {
public:
  /// @param receive_buffer Bytes that the kernel may take in unread; 0: its own choice.
  explicit client(uint16_t port, int receive_buffer = 0);
  ~client();

  client(client&& other) noexcept;
  client& operator=(client&& other) noexcept;

  static constexpr std::chrono::seconds patience{20};

  /// @returns False when the server has closed.
  bool send(std::string_view bytes);
  /// Reads one answer. @param to_head It is one to HEAD, without a body.
  answer read(bool to_head = false);
  answer ask(std::string_view bytes);
  /// What comes next, at most `most` bytes; empty at the end of the stream.
  std::string read_some(size_t most = 65536);
  /// Whether the server ends the connection in order without sending anything more.
  bool sees_end();
  /// Whether the connection ends with a reset, after whatever is still to be read.
  bool sees_reset();

  void end_sending();
  void leave();
  void reset();

private:
  bool fill();
  std::string line();
  std::string bytes(size_t count);

  int socket_ = -1;
  std::string unread_;
};

std::string get(std::string_view target = "/", std::string_view fields = "");
std::string post(std::string_view body, std::string_view target = "/", std::string_view fields = "");
/// The same in chunks of that size.
std::string chunked_post(std::string_view body, size_t chunk, std::string_view target = "/",
                         std::string_view fields = "");

} // namespace opr::http::test
