#pragma once

#include "net/http_client.hpp"
#include "tests/support/descriptor.hpp"

#include <atomic>
#include <functional>
#include <list>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>

namespace opr::test {

/// Thrown into a script whose client has gone, or when the server ends.
struct client_gone : std::runtime_error {
  client_gone() : std::runtime_error("the client has gone") {}
};

/// One client's connection in the hands of a script. Blocking.
class peer {
public:
  peer(int fd, int index) : socket_(fd, "accept"), index_(index) {}

  /// Which connection of the server this is, from 0.
  int index() const noexcept { return index_; }

  /// Reads one request with its body. @throws client_gone
  std::string request();
  /// Reads up to and including `mark`. @throws client_gone
  std::string read_until(std::string_view mark);
  /// What comes next, at most `most` bytes. @throws client_gone
  std::string read_up_to(size_t most);
  /// Reads until the client closes. @returns What came before.
  std::string read_to_end();

  /// @throws client_gone
  void send(std::string_view bytes);
  /// Sends at most `limit` bytes, as long as the client takes them without a pause of 300 ms.
  /// @returns How many it took. @throws client_gone
  size_t send_until_stuck(size_t limit);

  void close() noexcept;
  /// Closes so that the client gets an RST.
  void reset() noexcept;
  /// Wakes a script that waits for its client; any thread.
  void interrupt() noexcept;

private:
  std::string read_size(size_t size);
  void read_some();

  std::mutex mutex_; ///< Of closing and interrupting.
  descriptor socket_;
  const int index_;
  std::string received_;
};

/// A server whose every connection is handled by a script, in a thread of its own.
class scripted_server {
public:
  using script = std::function<void(peer&)>;

  /// Listens on a free port of 127.0.0.1.
  explicit scripted_server(script what_to_do);
  scripted_server(net::address where, script what_to_do);
  ~scripted_server();
  scripted_server(const scripted_server&) = delete;
  scripted_server& operator=(const scripted_server&) = delete;

  const net::address& where() const noexcept { return where_; }
  int connections() const noexcept { return connections_; }

private:
  void accept_all();
  void serve(peer& client);

  const script script_;
  net::address where_;
  descriptor listener_;
  std::atomic<int> connections_{0};
  std::mutex mutex_;
  std::list<peer> peers_;
  std::list<std::thread> threads_;
  std::thread acceptor_;
};

/// A socket bound to a free port of 127.0.0.1; `where` is set to it. It listens only if `backlog` is not
/// negative.
descriptor bind_free_port(net::address& where, int backlog);

/// `HTTP/1.1 200 OK` with a length and that body.
std::string ok(std::string_view body);

} // namespace opr::test
