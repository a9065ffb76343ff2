#include "net/http1/connection.hpp"

#include "net/http1/active_call.hpp"
#include "net/http1/pool.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <cerrno>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace opr::net {

namespace {

/// Reads in a row from one connection before others get their turn.
constexpr int reads_per_turn = 16;

int error_of(int descriptor) {
  int error = 0;
  socklen_t size = sizeof error;
  return ::getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &size) == 0 ? error : errno;
}

std::string message_of(int error) { return std::generic_category().message(error); }

} // namespace

void connection::open(endpoints where, active_call& first) {
  where_ = std::move(where);
  carried_ = &first;
  connect(0);
}

void connection::connect(size_t index) {
  tried_ = index;
  auto error = open_socket(where_[index]);
  if (error == 0 &&
      ::connect(descriptor_, where_[index].data(), static_cast<socklen_t>(where_[index].size())) != 0)
    error = errno;
  if (error != EINPROGRESS)
    on_connected(error);
}

/// Opens a socket that doesn't hold small pieces back, and has it watched. @returns 0 or the error.
int connection::open_socket(const endpoint& where) {
  auto family = where.protocol().family();
  has_ended_ = false;
  descriptor_ = ::socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (descriptor_ < 0)
    return errno;
  const int yes = 1;
  if (family != AF_UNIX)
    ::setsockopt(descriptor_, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  auto error = shared_.ready.watch(descriptor_, *this, ticket_);
  if (error != 0)
    ::close(std::exchange(descriptor_, -1));
  return error;
}

void connection::on_connected(int error) {
  if (error == 0) {
    where_ = {};
    if (const auto* security = owner_.security()) {
      tls_ = std::make_unique<tls_session>(*security, descriptor_);
      is_shaking_hands_ = true;
      return shake_hands();
    }
    begin(*carried_);
    return go_on_sending(flush());
  }
  auto* first = carried_;
  close();
  carried_ = first;
  if (tried_ + 1 < where_.size())
    return connect(tried_ + 1);
  carried_->on_done({ec::connect_failed, owner_.host() + ": " + message_of(error)});
}

/// Makes the connection a safe one, then begins with the call.
void connection::shake_hands() {
  auto error = tls_->shake_hands();
  if (error == EAGAIN)
    return;
  is_shaking_hands_ = false;
  if (error != 0)
    return carried_->on_done({ec::connect_failed, owner_.host() + ": " + complaint(error)});
  begin(*carried_);
  go_on_sending(flush());
}

void connection::on_ready(readable_writable what) {
  auto alive = shared_from_this(); // a call that ends here may be the last to hold it
  if (!where_.empty()) {
    auto error = error_of(descriptor_);
    if (!what.writable && error == 0)
      return;
    on_connected(error);
    if (error != 0)
      return;
    what.writable = false; // The same event may tell of an answer, or an end, that came at once.
  }
  has_ended_ |= what.ended;
  if (is_shaking_hands_)
    shake_hands();
  if (is_shaking_hands_)
    return;
  if (tls_) // Reading may have to write first, and the other way round.
    what.readable = what.writable = true;
  if (what.writable && carried_ != nullptr && !outbox_.empty())
    go_on_sending(flush());
  if (what.readable)
    read();
}

bool connection::reuse(active_call& next, bool look) {
  if (has_ended_ || (look && !is_quiet())) {
    close();
    return false;
  }
  begin(next);
  auto error = flush();
  if (error != 0 && sent_ == 0) {
    close();
    return false;
  }
  go_on_sending(error);
  return true;
}

/// Whether the peer has neither closed the connection nor said anything that nobody asked for.
bool connection::is_quiet() const {
  if (tls_)
    return tls_->is_quiet();
  char byte = 0;
  return ::recv(descriptor_, &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0 && errno == EAGAIN;
}

void connection::begin(active_call& next) {
  carried_ = &next;
  next.set_carrier(shared_from_this());
  next.connected();
  const auto& request = next.request();
  outbox_.put_request(request, owner_.host());
  decoder_.begin(next, request.method == "HEAD");
  sent_ = 0;
  stream_left_ = request.stream_length.value_or(0);
  is_body_given_ = !request.stream || (request.stream_length && stream_left_ == 0);
  is_paused_ = has_more_ = false;
}

/// Sends what the kernel takes. @returns 0, or an error if the connection is of no use for sending any more.
int connection::flush() {
  while (!outbox_.empty()) {
    auto sent = tls_ ? send_some() : outbox_.send(descriptor_);
    if (sent < 0)
      return errno == EAGAIN ? 0 : errno;
    sent_ += static_cast<size_t>(sent);
  }
  return 0;
}

/// Sends of what has to be sent first, through TLS. @returns As `outbox::send`.
ssize_t connection::send_some() {
  const auto& left = outbox_.left();
  auto is_some = [](const auto& part) { return !part.empty(); };
  auto sent = tls_->send(*std::find_if(left.begin(), left.end(), is_some));
  if (sent > 0)
    outbox_.advance(static_cast<size_t>(sent));
  return sent;
}

void connection::go_on_sending(int error) {
  if (error != 0)
    return give_up_sending();
  if (!outbox_.empty())
    return; // goes on when the kernel has room again
  if (!is_body_given_)
    carried_->pull();
}

void connection::give_up_sending() {
  if (sent_ == 0)
    return carried_->on_done({ec::connect_failed, owner_.host() + ": closed before the request was sent"});
  // An early answer may be on its way; reading finds that, or the end of the connection.
  outbox_.clear();
  is_sending_over_ = true;
}

void connection::send_piece(std::string piece) {
  if (is_sending_over_)
    return;
  const bool chunked = !carried_->request().stream_length;
  if (!chunked && (piece.empty() || piece.size() > stream_left_))
    return carried_->on_done({ec::cancelled, "the request's body is not as long as it was said to be"});
  stream_left_ -= chunked ? 0 : piece.size();
  is_body_given_ = chunked ? piece.empty() : stream_left_ == 0;
  outbox_.put_piece(std::move(piece), chunked);
  go_on_sending(flush());
}

bool connection::is_request_sent() const noexcept {
  return is_body_given_ && outbox_.empty() && !is_sending_over_;
}

/// Reads until there is nothing more, as only then the next event comes.
void connection::read() {
  if (carried_ == nullptr && descriptor_ >= 0 && !is_quiet())
    return owner_.drop(*this);
  for (int i = 0; carried_ != nullptr && !is_paused_; ++i) {
    if (i == reads_per_turn)
      return read_later();
    if (!read_once())
      return;
  }
}

void connection::read_later() {
  boost::asio::post(shared_.context, [self = shared_from_this()] {
    if (self->carried_ != nullptr)
      self->read();
  });
}

/// @returns Whether there may be more to read at once.
bool connection::read_once() {
  auto& to = shared_.read_buffer;
  auto size = receive_some();
  if (size < 0 && (errno == EAGAIN || errno == EINTR))
    return errno == EINTR;
  if (size <= 0) {
    on_stream_end(size == 0 ? 0 : errno);
    return false;
  }
  // The kernel had no more than this, unless the end was told with it.
  auto is_all = !tls_ && static_cast<size_t>(size) < to.size() && !has_ended_;
  auto how = decoder_.feed({to.data(), static_cast<size_t>(size)});
  has_more_ = !is_all;
  act_on(how);
  return how == progress::more && !is_all;
}

/// Reads into the shared buffer. @returns As `recv`.
ssize_t connection::receive_some() {
  auto& to = shared_.read_buffer;
  return tls_ ? tls_->receive(to.data(), to.size()) : ::recv(descriptor_, to.data(), to.size(), 0);
}

/// @param error 0: the peer has closed in good order.
void connection::on_stream_end(int error) {
  // Without a length a cut answer looks like a whole one: only a clean end of a clean exchange counts.
  auto is_clean = error == 0 && !(is_sending_over_ && decoder_.needs_end_of_stream());
  if (is_clean && decoder_.ends_with_stream())
    return finish();
  has_ended_ = true;
  carried_->on_done(
      {ec::connection_broken, owner_.host() + ": " + (error == 0 ? "End of file" : complaint(error))});
}

void connection::act_on(progress how) {
  switch (how) {
  case progress::more:
    return;
  case progress::paused:
    is_paused_ = true;
    return;
  case progress::stopped:
    return carried_->on_done({ec::cancelled, {}});
  case progress::complete:
    return finish();
  case progress::invalid:
    return carried_->on_done({ec::answer_invalid, owner_.host() + ": " + decoder_.complaint()});
  }
}

void connection::resume() {
  if (!is_paused_)
    return;
  is_paused_ = false;
  auto how = decoder_.go_on();
  act_on(how);
  if (how == progress::more)
    read();
}

/// Whether the connection may carry another call.
bool connection::can_rest() const {
  // A record of TLS may hold more than this answer: looking tells.
  return is_request_sent() && decoder_.keeps_alive() && (tls_ ? tls_->is_quiet() : !has_more_);
}

void connection::finish() {
  auto& done = *std::exchange(carried_, nullptr);
  done.set_carrier(nullptr);
  if (can_rest()) {
    owner_.park(shared_from_this());
  } else {
    close();
  }
  done.on_done({ec::none, {}});
}

std::string connection::complaint(int error) const {
  return tls_ ? tls_->complaint(error) : message_of(error);
}

void connection::close() {
  carried_ = nullptr;
  is_paused_ = false;
  if (descriptor_ < 0)
    return;
  if (tls_) {
    tls_->say_end();
    tls_.reset();
  }
  is_shaking_hands_ = false;
  shared_.ready.forget(descriptor_, ticket_);
  ::close(std::exchange(descriptor_, -1));
}

} // namespace opr::net
