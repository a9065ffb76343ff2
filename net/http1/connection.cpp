#include "net/http1/connection.hpp"

#include "net/http1/active_call.hpp"
#include "net/http1/pool.hpp"

#include <utility>

namespace opr::net {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

/// Reads in a row from one connection before others get their turn.
constexpr int reads_per_turn = 16;

} // namespace

connection::connection(loop& shared, pool& owner) : shared_(shared), owner_(owner), socket_(shared.context) {}

void connection::open(endpoints where, active_call& first) {
  where_ = std::move(where);
  carried_ = &first;
  connect(0);
}

void connection::connect(size_t index) {
  if (auto why = open_for(where_[index], socket_))
    return on_connected(index, why);
  socket_.async_connect(where_[index], [self = shared_from_this(), index](const error_code& outcome) {
    self->on_connected(index, outcome);
  });
}

void connection::on_connected(size_t index, const error_code& why) {
  if (!carried_)
    return;
  if (!why) {
    where_ = {};
    begin(*carried_);
    await_readable();
    return go_on_sending(flush());
  }
  error_code ignored;
  socket_.close(ignored);
  if (index + 1 < where_.size())
    return connect(index + 1);
  carried_->on_done({ec::connect_failed, owner_.host() + ": " + why.message()});
}

bool connection::reuse(active_call& next) {
  if (!is_quiet()) {
    close();
    return false;
  }
  begin(next);
  auto why = flush();
  if (why && sent_ == 0) {
    close();
    return false;
  }
  go_on_sending(why);
  return true;
}

/// Whether the peer has neither closed the connection nor said anything that nobody asked for.
bool connection::is_quiet() {
  char byte = 0;
  error_code why;
  socket_.receive(asio::buffer(&byte, 1), asio::socket_base::message_peek, why);
  return why == asio::error::would_block;
}

void connection::begin(active_call& next) {
  carried_ = &next;
  next.set_carrier(shared_from_this());
  const auto& request = next.request();
  outbox_.put_request(request, owner_.host());
  decoder_.begin(next, request.method == "HEAD");
  sent_ = 0;
  is_body_given_ = !request.stream;
  is_paused_ = false;
}

/// Sends what the kernel takes. @returns An error if the connection is of no use for sending any more.
error_code connection::flush() {
  error_code why;
  while (!outbox_.empty()) {
    auto sent = socket_.send(outbox_.left(), 0, why);
    if (why)
      break;
    sent_ += sent;
    outbox_.advance(sent);
  }
  return why == asio::error::would_block ? error_code{} : why;
}

void connection::go_on_sending(const error_code& why) {
  if (why)
    return give_up_sending();
  if (!outbox_.empty())
    return socket_.async_wait(stream_socket::wait_write, [self = shared_from_this()](const error_code&) {
      if (self->carried_ && !self->outbox_.empty())
        self->go_on_sending(self->flush());
    });
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
  is_body_given_ = piece.empty();
  outbox_.put_piece(std::move(piece));
  go_on_sending(flush());
}

bool connection::is_request_sent() const noexcept {
  return is_body_given_ && outbox_.empty() && !is_sending_over_;
}

/// Waits for the next event. One that has been dealt with already may still be told.
void connection::await_readable() {
  if (std::exchange(is_awaiting_read_, true))
    return;
  socket_.async_wait(stream_socket::wait_read, [self = shared_from_this()](const error_code&) {
    self->is_awaiting_read_ = false;
    if (self->socket_.is_open())
      self->on_readable();
  });
}

void connection::on_readable() {
  if (!carried_)
    return is_quiet() ? await_readable() : owner_.drop(*this);
  for (int i = 0; i < reads_per_turn; ++i)
    if (!read_once())
      return;
  await_readable();
}

/// @returns Whether there may be more to read at once.
bool connection::read_once() {
  error_code why;
  auto& to = shared_.read_buffer;
  auto size = socket_.receive(asio::buffer(to), 0, why);
  if (why == asio::error::would_block) {
    await_readable();
    return false;
  }
  if (why) {
    on_stream_end(why);
    return false;
  }
  auto how = decoder_.feed({to.data(), size});
  act_on(how);
  if (how == progress::more && size < to.size())
    await_readable(); // The kernel had no more than this; asking again would only tell the same.
  return how == progress::more && size == to.size();
}

void connection::on_stream_end(const error_code& why) {
  // Without a length a cut answer looks like a whole one: only a clean end of a clean exchange counts.
  auto is_clean = why == asio::error::eof && !(is_sending_over_ && decoder_.needs_end_of_stream());
  if (is_clean && decoder_.ends_with_stream())
    return finish();
  carried_->on_done({ec::connection_broken, owner_.host() + ": " + why.message()});
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
    await_readable();
}

void connection::finish() {
  auto& done = *std::exchange(carried_, nullptr);
  done.set_carrier(nullptr);
  if (is_request_sent() && decoder_.keeps_alive()) {
    await_readable();
    owner_.park(shared_from_this());
  } else {
    close();
  }
  done.on_done({ec::none, {}});
}

void connection::close() {
  carried_ = nullptr;
  is_paused_ = false;
  error_code ignored;
  socket_.close(ignored);
}

} // namespace opr::net
