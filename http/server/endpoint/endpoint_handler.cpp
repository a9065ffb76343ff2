#include "http/server/endpoint/endpoint_handler.hpp"

#include "http/server/endpoint/doorway.hpp"

#include <pistache/peer.h>

#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace opr::http {

namespace {

using peer_ptr = std::shared_ptr<Pistache::Tcp::Peer>;

/// Peers that `knock` makes have no address; a client has one, with a port.
bool is_knock(const peer_ptr& peer) { return peer->address().port() == Pistache::Port(0); }

} // namespace

endpoint_handler::endpoint_handler(std::shared_ptr<doorway> door)
    : door_(std::move(door)), idle_parser_(std::make_shared<Pistache::Http::RequestParser>(0)) {}

std::shared_ptr<Pistache::Tcp::Handler> endpoint_handler::clone() const {
  auto made = std::make_shared<endpoint_handler>(*this);
  door_->set_knock([handler = made.get()] { handler->knock(); });
  return made;
}

void endpoint_handler::onConnection(const peer_ptr& peer) {
  peer->putData(ParserData,
                idle_parser_); // Pistache's idle timer looks at it; one does for all, as it is never fed
  peer->setIdle(true);
  if (is_knock(peer))
    return;
  door_->came();
  door_->take(peer->fd());
}

void endpoint_handler::onDisconnection(const peer_ptr& peer) {
  if (!is_knock(peer))
    door_->went();
}

void endpoint_handler::knock() {
  int pair[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair) != 0)
    return; // no descriptors left; the next tick knocks again
  ::close(pair[1]);
  transport()->handleNewPeer(Pistache::Tcp::Peer::Create(pair[0], Pistache::Address()));
}

} // namespace opr::http
