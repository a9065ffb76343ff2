#pragma once

#include <pistache/http.h>

#include <functional>
#include <memory>

namespace opr::http {

/// What Pistache and the server share about the clients that Pistache accepts; see `endpoint_handler`.
class doorway;

/// What Pistache calls for each client that it has accepted: the client's socket is taken from it at once, as
/// its own reading, parsing and writing are not used (README.md says why).
class endpoint_handler final : public Pistache::Http::Handler {
public:
  explicit endpoint_handler(std::shared_ptr<doorway> door);

  /// Pistache runs a copy of the handler, one for each thread (there is one).
  std::shared_ptr<Pistache::Tcp::Handler> clone() const override;

  void onRequest(const Pistache::Http::Request&, Pistache::Http::ResponseWriter) override {}
  void onConnection(const std::shared_ptr<Pistache::Tcp::Peer>& peer) override;
  void onInput(const char*, size_t, const std::shared_ptr<Pistache::Tcp::Peer>&) override {}
  void onDisconnection(const std::shared_ptr<Pistache::Tcp::Peer>& peer) override;

  /// Makes Pistache's thread call `onConnection`: hands it a peer that has left already. This frees a client
  /// that its queue of new peers, which can lose a wake-up, has forgotten.
  void knock();

private:
  std::shared_ptr<doorway> door_;
  std::shared_ptr<Pistache::Http::RequestParser> idle_parser_;
};

} // namespace opr::http
