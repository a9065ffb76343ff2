#pragma once

#include "http/server/endpoint/peers.hpp"

#include <pistache/http.h>

#include <memory>

namespace opr::http {

/// What Pistache calls for each event of a connection. Its own parser and writer are not used (README.md says
/// why): all goes to our `connection`.
class endpoint_handler final : public Pistache::Http::Handler {
public:
  endpoint_handler(std::shared_ptr<front_end> front, std::shared_ptr<peers> all);

  /// Pistache runs a copy of the handler, one for each thread (there is one).
  std::shared_ptr<Pistache::Tcp::Handler> clone() const override;

  void onRequest(const Pistache::Http::Request&, Pistache::Http::ResponseWriter) override {}
  void onConnection(const std::shared_ptr<Pistache::Tcp::Peer>& peer) override;
  void onInput(const char* buffer, size_t length, const std::shared_ptr<Pistache::Tcp::Peer>& peer) override;
  void onDisconnection(const std::shared_ptr<Pistache::Tcp::Peer>& peer) override;

private:
  void knock();

  std::shared_ptr<front_end> front_;
  std::shared_ptr<peers> all_;
  std::shared_ptr<Pistache::Http::RequestParser> idle_parser_;
};

} // namespace opr::http
