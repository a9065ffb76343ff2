#pragma once

#include "core/header_list.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace opr::test {

/// What a server answered, body included.
struct answer {
  unsigned status = 0;
  header_list headers;
  std::string body;

  /// The first field of that name, empty if there is none.
  std::string header(std::string_view name) const;
};

/// A blocking HTTP/1.1 client for tests, on one keep-alive connection; for one thread at a time. It connects
/// with the first request, and anew when the server has announced the end of the connection. It shares no
/// code with the project's own client, so that a fault there can't hide here.
class connection {
public:
  /// @param host An IP address or a name.
  connection(std::string host, uint16_t port);
  ~connection();
  connection(connection&&) noexcept;
  connection& operator=(connection&&) noexcept;

  /// Sends a request and waits for the whole answer. `Host` and `Content-Length` are added unless `headers`
  /// holds them; with `Transfer-Encoding: chunked` among them the body goes out so.
  /// @param timeout For everything, connecting included.
  /// @throws std::runtime_error that names the request and what went wrong; "timed out" when the time is
  /// over. The next request then uses a new connection.
  answer request(const std::string& method, const std::string& url_path, const header_list& headers = {},
                 const std::string& body = {}, std::chrono::milliseconds timeout = std::chrono::seconds(10));

private:
  struct state;
  std::unique_ptr<state> state_;
};

/// One request on a connection of its own.
answer request(const std::string& host, uint16_t port, const std::string& method, const std::string& url_path,
               const header_list& headers = {}, const std::string& body = {},
               std::chrono::milliseconds timeout = std::chrono::seconds(10));

} // namespace opr::test
