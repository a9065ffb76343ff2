#pragma once

#include "core/result.hpp"
#include "net/http_client.hpp"
#include "net/stream_socket.hpp"

#include <functional>
#include <memory>
#include <vector>

namespace opr::net {

/// Finds the socket addresses of one server. IP addresses and unix sockets need no resolver. A name is asked
/// for anew each time, but never twice at once: all who ask while a question is under way get its answer. I/O
/// thread only.
class name_lookup : public std::enable_shared_from_this<name_lookup> {
public:
  /// Fails with `ec::connect_failed`.
  using on_found = std::function<void(const result<endpoints>& where)>;

  name_lookup(boost::asio::io_context& context, const address& where);

  /// Calls `found` once: at once unless a resolver has to be asked, never when the I/O thread stops before.
  void find(on_found found);

private:
  void ask_resolver();
  void answer(const result<endpoints>& where);

  boost::asio::io_context& context_;
  const std::string host_;
  const uint16_t port_;
  const result<endpoints> known_; ///< Empty when `host_` is a name.
  std::vector<on_found> waiting_;
};

} // namespace opr::net
