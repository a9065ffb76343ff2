#include "http/server/server.hpp"

#include "http/server/connection/front_end.hpp"
#include "http/server/endpoint/doorway.hpp"
#include "http/server/endpoint/endpoint_handler.hpp"
#include "http/server/endpoint/listening_socket.hpp"
#include "http/server/endpoint/peers.hpp"

#include <pistache/endpoint.h>

#include <algorithm>
#include <future>
#include <optional>
#include <stdexcept>
#include <utility>
#include <vector>

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
  impl(server_options options, handler on_request, net::io_threads& io)
      : front(std::make_shared<front_end>(std::move(options), std::move(on_request), io)) {}

  std::shared_ptr<front_end> front;
  std::shared_ptr<doorway> door;
  std::vector<std::shared_ptr<peers>> all;            ///< By I/O thread.
  std::unique_ptr<Pistache::Http::Endpoint> endpoint; ///< Goes first: its threads use the others.
  std::optional<listening_socket> listening;
  bool accepting = false;
  uint16_t port = 0;
};

server::server(server_options options, handler on_request)
    : own_io_(std::make_unique<net::io_threads>()),
      impl_(std::make_unique<impl>(std::move(options), std::move(on_request), *own_io_)) {}

server::server(server_options options, handler on_request, net::io_threads& io)
    : impl_(std::make_unique<impl>(std::move(options), std::move(on_request), io)) {}

server::~server() {
  if (!impl_->endpoint)
    return;
  stop_accepting();
  for (size_t i = 0; i < impl_->all.size(); ++i) {
    std::promise<void> closed;
    impl_->front->post(i, [&closed, all = impl_->all[i]] {
      all->close_all();
      closed.set_value();
    });
    closed.get_future().wait();
  }
  impl_->door->await_none([door = impl_->door] { door->knock(); });
  impl_->door->set_knock(nullptr);
  impl_->endpoint->shutdown();
}

void server::start() {
  auto& self = *impl_;
  const auto before = listening_socket::all();
  const auto plan = make_room_for(self.front->options.max_connections);
  auto enter = [this, next = size_t{0}](int reading, int writing) mutable {
    const auto thread = next++ % impl_->all.size(); // in turn; Pistache has one thread
    impl_->front->post(thread, [front = impl_->front, all = impl_->all[thread], reading, writing] {
      all->arrived(front, reading, writing);
    });
  };
  self.door = std::make_shared<doorway>(plan.duplicates_from, std::move(enter));
  for (size_t i = 0; i < self.front->io.count(); ++i)
    self.all.push_back(std::make_shared<peers>(*self.front, i, plan, tick_of(self.front->options),
                                               [door = self.door] { door->knock(); }));
  self.front->on_end = [all = &self.all](size_t thread, connection& whom) { (*all)[thread]->left(whom); };
  try {
    auto endpoint = std::make_unique<Pistache::Http::Endpoint>(address_of(self.front->options));
    endpoint->init(endpoint_options());
    endpoint->setHandler(std::make_shared<endpoint_handler>(self.door));
    endpoint->serveThreaded();
    self.port = static_cast<uint16_t>(endpoint->getPort());
    self.endpoint = std::move(endpoint);
  } catch (const std::exception& error) {
    throw std::runtime_error("cannot listen on " + self.front->options.address + " port " +
                             std::to_string(self.front->options.port) + ": " + error.what());
  }
  for (size_t i = 0; i < self.all.size(); ++i)
    self.front->post(i, [all = self.all[i]] { all->start_ticking(); });
  self.listening.emplace(self.port, before);
  self.listening->set_backlog(backlog);
  self.accepting = true;
}

uint16_t server::port() const noexcept { return impl_->port; }

void server::stop_accepting() {
  if (!std::exchange(impl_->accepting, false))
    return;
  impl_->listening->close();
  impl_->front->draining = true;
  for (size_t i = 0; i < impl_->all.size(); ++i)
    impl_->front->post(i, [all = impl_->all[i]] { all->drain(); });
}

bool server::drain(time_point deadline) { return impl_->front->people.await_all_done(deadline); }

size_t server::connections() const noexcept { return impl_->front->people.open(); }

} // namespace opr::http
