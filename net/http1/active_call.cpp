#include "net/http1/active_call.hpp"

#include "net/http1/connection.hpp"
#include "net/http1/pool.hpp"

#include <algorithm>
#include <utility>

namespace opr::net {

active_call::active_call(std::shared_ptr<pool> owner, outgoing request,
                         std::shared_ptr<response_reader> reader)
    : addressee(owner->box()), pool_(std::move(owner)), request_(std::move(request)),
      reader_(std::move(reader)) {}

void active_call::launch() {
  if (signal(launched))
    return;
  // The pool's thread has gone: nothing of it may be touched but its memory.
  pool_.reset();
  request_ = {};
  std::exchange(reader_, nullptr)->on_done({ec::cancelled, "the I/O thread has stopped"});
}

void active_call::on_signals(unsigned bits) {
  if (is_over())
    return;
  if ((bits & cancelled) != 0)
    return on_done({ec::cancelled, {}});
  if ((bits & launched) != 0)
    return begin();
  auto carrier = carrier_; // The call may end here, and let go of it.
  if ((bits & piece_ready) != 0 && carrier)
    carrier->send_piece(std::move(piece_));
  if ((bits & resumed) != 0 && carrier)
    carrier->resume();
}

void active_call::begin() {
  self_ = shared_from_this();
  if (request_.deadline != time_point::max() && request_.deadline <= clock::now())
    return on_deadline();
  pool_->carry(*this);
}

void active_call::connecting() {
  auto until = request_.deadline;
  if (request_.connect_limit != clock::duration::max()) {
    auto limit = clock::now() + request_.connect_limit;
    is_connecting_ = limit <= until;
    until = std::min(until, limit);
  }
  if (until != time_point::max())
    pool_->shared().alarm.set(*this, until);
}

void active_call::connected() {
  if (std::exchange(is_connecting_, false))
    take_back();
  if (request_.deadline != time_point::max() && !is_set())
    pool_->shared().alarm.set(*this, request_.deadline);
}

void active_call::on_deadline() {
  if (is_connecting_)
    return on_done({ec::connect_failed, pool_->host() + ": no connection in time"});
  on_done({ec::deadline_passed, "no answer in time"});
}

void active_call::pull() {
  request_.stream->pull(
      [self = std::static_pointer_cast<active_call>(shared_from_this())](std::string piece) {
        self->piece_ = std::move(piece);
        self->signal(piece_ready);
      });
}

void active_call::on_head(response_head&& head) { reader_->on_head(std::move(head)); }

flow active_call::on_body(std::string_view piece) {
  return is_signalled(cancelled) ? flow::stop : reader_->on_body(piece);
}

void active_call::on_done(failure why) {
  auto reader = std::exchange(reader_, nullptr);
  if (!reader)
    return;
  auto self = std::move(self_);
  if (why.code == ec::none && is_signalled(cancelled))
    why.code = ec::cancelled;
  take_back();
  if (auto carrier = std::exchange(carrier_, nullptr))
    carrier->close();
  std::exchange(pool_, nullptr)->forget(*this);
  request_ = {};
  reader->on_done(std::move(why));
}

} // namespace opr::net
