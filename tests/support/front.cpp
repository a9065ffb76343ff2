#include "tests/support/front.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <mutex>
#include <thread>

namespace opr::test {

namespace asio = boost::asio;
using asio::ip::tcp;
using error = boost::system::error_code;

namespace {

/// One direction of a connection.
struct pump {
  explicit pump(asio::io_context& on, size_t limit) : left(limit), pause(on) {}

  std::array<char, size_t{64} * 1024> buffer{};
  size_t left; ///< Bytes that may pass.
  asio::steady_timer pause;
};

/// A client's connection, and the one to the server that belongs to it. Ends when one of them does.
template <class Client>
class link : public std::enable_shared_from_this<link<Client>> {
public:
  template <class... Args>
  link(asio::io_context& on, front_manners how, std::atomic<int>& ended, Args&&... args)
      : ended_(ended), how_(std::move(how)), up_(on, how_.bytes_up), down_(on, how_.bytes_down), server_(on),
        client_(std::forward<Args>(args)...) {}

  Client& client() noexcept { return client_; }

  void join(uint16_t port) {
    tcp::endpoint where(asio::ip::address_v4::loopback(), port);
    server_.async_connect(where, [self = this->shared_from_this()](error why) {
      if (why)
        return self->reset();
      self->move(self->client_, self->server_, self->up_);
      self->move(self->server_, self->client_, self->down_);
    });
  }

private:
  auto& socket() { return client_.lowest_layer(); }

  template <class From, class To>
  void move(From& from, To& to, pump& with) {
    from.async_read_some(asio::buffer(with.buffer),
                         [self = this->shared_from_this(), &from, &to, &with](error why, size_t size) {
                           if (why)
                             return self->end(why);
                           auto passing = std::min(size, with.left);
                           with.left -= passing;
                           asio::async_write(to, asio::buffer(with.buffer, passing),
                                             [self, &from, &to, &with, passing, size](error failed, size_t) {
                                               if (failed || passing < size)
                                                 return self->reset();
                                               self->move_later(from, to, with, size);
                                             });
                         });
  }

  template <class From, class To>
  void move_later(From& from, To& to, pump& with, size_t moved) {
    if (how_.bytes_per_second == 0)
      return move(from, to, with);
    with.pause.expires_after(std::chrono::microseconds(moved * 1'000'000 / how_.bytes_per_second));
    with.pause.async_wait([self = this->shared_from_this(), &from, &to, &with](error why) {
      if (!why)
        self->move(from, to, with);
    });
  }

  /// One of the two has closed.
  void end(error why) {
    if constexpr (!std::is_same_v<Client, tcp::socket>)
      if (why == asio::error::eof && how_.says_end && socket().is_open())
        return client_.async_shutdown([self = this->shared_from_this()](error) { self->close(); });
    close();
  }

  void close() {
    if (!std::exchange(is_ended_, true))
      ++ended_;
    error ignored;
    socket().shutdown(tcp::socket::shutdown_both, ignored);
    socket().close(ignored);
    server_.close(ignored);
    up_.pause.cancel();
    down_.pause.cancel();
  }

  void reset() {
    error ignored;
    socket().set_option(asio::socket_base::linger(true, 0), ignored);
    close();
  }

  std::atomic<int>& ended_;
  bool is_ended_ = false;
  const front_manners how_;
  pump up_;
  pump down_;
  tcp::socket server_;
  Client client_;
};

using safe_stream = asio::ssl::stream<tcp::socket>;

} // namespace

struct front::state {
  state(uint16_t to, front_manners wish)
      : server_port(to), how(std::move(wish)), acceptor(context, {asio::ip::address_v4::loopback(), 0}),
        port(acceptor.local_endpoint().port()) {
    accept();
    thread = std::thread([this] { context.run(); });
  }
  ~state() {
    context.stop();
    thread.join();
  }

  void accept() {
    acceptor.async_accept([this](error why, tcp::socket client) {
      if (why)
        return;
      ++connections;
      serve(std::move(client));
      accept();
    });
  }

  void serve(tcp::socket client) {
    auto manners = current();
    if (manners.certificate.empty())
      return std::make_shared<link<tcp::socket>>(context, std::move(manners), ended, std::move(client))
          ->join(server_port);
    asio::ssl::context security(asio::ssl::context::tls_server);
    security.use_certificate(asio::buffer(manners.certificate), asio::ssl::context::pem);
    security.use_private_key(asio::buffer(manners.certificate), asio::ssl::context::pem);
    auto made =
        std::make_shared<link<safe_stream>>(context, std::move(manners), ended, std::move(client), security);
    made->client().async_handshake(safe_stream::server, [made, to = server_port](error failed) {
      if (!failed)
        made->join(to);
    });
  }

  front_manners current() {
    std::lock_guard lock(mutex);
    return how;
  }

  const uint16_t server_port;
  std::mutex mutex; ///< Of `how`.
  front_manners how;
  asio::io_context context{1};
  tcp::acceptor acceptor;
  const uint16_t port;
  std::atomic<int> connections{0};
  std::atomic<int> ended{0};
  std::thread thread;
};

front::front(uint16_t server_port, front_manners how)
    : state_(std::make_unique<state>(server_port, std::move(how))) {}
front::~front() = default;

uint16_t front::port() const noexcept { return state_->port; }
int front::connections() const noexcept { return state_->connections; }
int front::ended() const noexcept { return state_->ended; }

void front::change(front_manners how) {
  std::lock_guard lock(state_->mutex);
  state_->how = std::move(how);
}

} // namespace opr::test
