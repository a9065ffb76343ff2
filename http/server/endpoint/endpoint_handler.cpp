#include "http/server/endpoint/endpoint_handler.hpp"

#include "http/server/connection/front_end.hpp"

#include <pistache/peer.h>

#include <sys/socket.h>
#include <unistd.h>

namespace opr::http {

namespace {

using peer_ptr = std::shared_ptr<Pistache::Tcp::Peer>;

constexpr auto connection_key = "connection";

/// Peers that `knock` makes have no address; a client has one, with a port.
bool is_knock(const peer_ptr& peer) { return peer->address().port() == Pistache::Port(0); }

std::shared_ptr<connection> connection_of(const peer_ptr& peer) {
  return std::static_pointer_cast<connection>(peer->tryGetData(connection_key));
}

} // namespace

endpoint_handler::endpoint_handler(std::shared_ptr<front_end> front, std::shared_ptr<peers> all)
    : front_(std::move(front)), all_(std::move(all)),
      idle_parser_(std::make_shared<Pistache::Http::RequestParser>(0)) {}

std::shared_ptr<Pistache::Tcp::Handler> endpoint_handler::clone() const {
  auto made = std::make_shared<endpoint_handler>(*this);
  front_->thread.open([handler = made.get()] { handler->knock(); });
  return made;
}

void endpoint_handler::onConnection(const peer_ptr& peer) {
  peer->putData(ParserData,
                idle_parser_); // Pistache's idle timer looks at it; one does for all, as it is never fed
  peer->setIdle(true);
  if (!is_knock(peer))
    if (auto made = all_->arrived(peer->fd()))
      peer->putData(connection_key, std::move(made));
  front_->thread.run();
}

void endpoint_handler::onInput(const char* buffer, size_t length, const peer_ptr& peer) {
  if (const auto from = connection_of(peer)) {
    try {
      from->receive({buffer, length});
    } catch (const std::exception&) { // no memory for what this client sends
      from->abort();
    }
  }
  front_->thread.run();
}

void endpoint_handler::onDisconnection(const peer_ptr& peer) {
  if (!is_knock(peer))
    all_->left(connection_of(peer));
  front_->thread.run();
}

/// Makes Pistache's thread call `onConnection`: hands it a peer that has left already. This also frees a
/// client that its queue of new peers, which can lose a wake-up, has forgotten.
void endpoint_handler::knock() {
  int pair[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair) != 0)
    return; // no descriptors left; the next tick knocks again
  ::close(pair[1]);
  transport()->handleNewPeer(Pistache::Tcp::Peer::Create(pair[0], Pistache::Address()));
}

} // namespace opr::http
