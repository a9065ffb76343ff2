#include "http/server/server.hpp"

#include "http/server/connection/front_end.hpp"
#include "http/server/endpoint/endpoint_handler.hpp"
#include "http/server/endpoint/listening_socket.hpp"

#include <pistache/endpoint.h>

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <utility>

namespace opr::http {

namespace {

using namespace std::chrono_literals;

constexpr int backlog = 4096;

/// How late a time limit may be noticed: a quarter of the shortest, and half a second at most.
std::chrono::milliseconds tick_of(const server_options& options) {
  const auto shortest =
      std::min({options.header_timeout, options.body_timeout, options.idle_timeout, options.write_timeout});
  return std::clamp<std::chrono::milliseconds>(shortest / 4, 5ms, 500ms);
}

Pistache::Address address_of(const server_options& options) {
  const bool is_v6 = options.address.find(':') != std::string::npos && options.address.front() != '[';
  return {is_v6 ? "[" + options.address + "]" : options.address, Pistache::Port(options.port)};
}

Pistache::Http::Endpoint::Options endpoint_options() {
  using flags = Pistache::Tcp::Options;
  return Pistache::Http::Endpoint::options()
      .threads(1)
      .threadsName("http")
      .flags(Pistache::Flags<flags>(flags::ReuseAddr) | flags::NoDelay | flags::CloseOnExec)
      .keepaliveTimeout(24h * 365 * 100); // connections keep their own limits
}

} // namespace

struct server::impl {
  impl(server_options options, handler on_request)
      : front(std::make_shared<front_end>(options, std::move(on_request), tick_of(options))) {}

  std::shared_ptr<front_end> front;
  std::shared_ptr<peers> all;
  std::unique_ptr<Pistache::Http::Endpoint> endpoint; ///< Goes first: its threads use the others.
  std::optional<listening_socket> listening;
  bool accepting = false;
  uint16_t port = 0;
};

server::server(server_options options, handler on_request)
    : impl_(std::make_unique<impl>(std::move(options), std::move(on_request))) {}

server::~server() {
  if (!impl_->endpoint)
    return;
  stop_accepting();
  impl_->front->thread.post([all = impl_->all.get()] { all->close_all(); });
  impl_->all->await_none(); // Pistache itself would leave their descriptors open
  impl_->front->thread.close();
  impl_->front->writer.stop();
  impl_->endpoint->shutdown();
}

void server::start() {
  auto& self = *impl_;
  const auto before = listening_socket::all();
  self.all = std::make_shared<peers>(self.front, make_room_for(self.front->options.max_connections));
  self.front->on_tick = [front = self.front.get(),
                         all = self.all.get()] { // both outlive the thread that ticks
    front->thread.post_and_knock([all] { all->check_deadlines(); });
  };
  try {
    auto endpoint = std::make_unique<Pistache::Http::Endpoint>(address_of(self.front->options));
    endpoint->init(endpoint_options());
    endpoint->setHandler(std::make_shared<endpoint_handler>(self.front, self.all));
    endpoint->serveThreaded();
    self.port = static_cast<uint16_t>(endpoint->getPort());
    self.endpoint = std::move(endpoint);
  } catch (const std::exception& error) {
    throw std::runtime_error("cannot listen on " + self.front->options.address + " port " +
                             std::to_string(self.front->options.port) + ": " + error.what());
  }
  self.listening.emplace(self.port, before);
  self.listening->set_backlog(backlog);
  self.accepting = true;
  self.front->writer.start();
}

uint16_t server::port() const noexcept { return impl_->port; }

void server::stop_accepting() {
  if (!std::exchange(impl_->accepting, false))
    return;
  impl_->listening->close();
  impl_->front->draining = true;
  impl_->front->thread.post([all = impl_->all.get()] { all->drain(); });
}

bool server::drain(time_point deadline) { return impl_->front->people.await_all_done(deadline); }

size_t server::connections() const noexcept { return impl_->front->people.open(); }

} // namespace opr::http
