#include "net/stream_socket.hpp"

#include <boost/asio/ip/tcp.hpp>

namespace opr::net {

boost::system::error_code open_for(const endpoint& where, stream_socket& socket) {
  boost::system::error_code why;
  socket.open(where.protocol(), why);
  if (!why)
    socket.non_blocking(true, why);
  if (!why && where.protocol().family() != AF_UNIX)
    socket.set_option(boost::asio::ip::tcp::no_delay(true), why);
  return why;
}

} // namespace opr::net
