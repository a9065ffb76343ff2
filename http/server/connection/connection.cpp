#include "http/server/connection/connection.hpp"

#include "http/server/connection/exchange.hpp"
#include "http/server/connection/front_end.hpp"

#include <cerrno>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace opr::http {

namespace {

using namespace std::chrono_literals;

/// How much a client may send ahead of the answers it waits for.
constexpr size_t max_unread = 1024 * 1024;
/// How long a connection is kept after its last answer for the client to read it and close.
constexpr auto linger_time = 5s;

/// Reads in a row from one client before others get their turn.
constexpr int reads_per_turn = 16;

constexpr std::string_view interim_answer = "HTTP/1.1 100 Continue\r\n\r\n";

} // namespace

std::shared_ptr<connection> connection::make(std::shared_ptr<front_end> front, size_t thread, int reading,
                                             int writing) {
  auto made = std::make_shared<connection>(front, thread);
  auto on_free = [front, thread, self = std::weak_ptr(made)] {
    front->post(thread, [self] {
      if (const auto alive = self.lock())
        alive->resume();
    });
  };
  made->out_ = std::make_shared<channel>(front, writing, std::move(on_free));
  made->descriptor_ = reading;
  if (made->loop_.ready.watch(reading, *made, made->ticket_) != 0) {
    ::close(std::exchange(made->descriptor_, -1));
    made->abort();
    made->input_over_ = true;
    return made;
  }
  made->rest();
  return made;
}

connection::connection(std::shared_ptr<front_end> front, size_t thread)
    : front_(std::move(front)), thread_(thread), loop_(front_->io.shared(thread)),
      reader_(front_->options.max_header_bytes, front_->options.max_body_bytes,
              !front_->options.stream_bodies) {}

connection::~connection() {
  end_body(false);
  stop_reading();
}

void connection::on_ready(net::readable_writable what) {
  const auto alive = shared_from_this();
  if (what.writable)
    out_->writable();
  has_ended_ |= what.ended;
  if (what.ended && is_body_paused_)
    out_->input_over(); // As reading would tell, but nobody takes what comes before the end.
  if (what.readable)
    read();
}

/// Reads until there is nothing more, as only then the next event comes.
void connection::read() {
  for (int i = 0; descriptor_ >= 0 && !is_body_paused_; ++i) {
    if (i == reads_per_turn)
      return read_later();
    if (!read_once())
      break;
  }
  if (finished())
    front_->on_end(thread_, *this);
}

void connection::read_later() {
  front_->post(thread_, [self = std::weak_ptr(shared_from_this())] {
    if (const auto alive = self.lock())
      alive->read();
  });
}

/// @returns Whether there may be more to read at once.
bool connection::read_once() {
  auto& to = loop_.read_buffer;
  const auto size = ::recv(descriptor_, to.data(), to.size(), 0);
  if (size < 0 && (errno == EAGAIN || errno == EINTR))
    return errno == EINTR;
  if (size <= 0) {
    stop_reading();
    input_over();
    return false;
  }
  try {
    receive({to.data(), static_cast<size_t>(size)});
  } catch (const std::exception&) { // no memory for what this client sends
    abort();
  }
  // The kernel had no more than this, unless the end was told with it.
  return static_cast<size_t>(size) == to.size() || has_ended_;
}

void connection::stop_reading() {
  if (descriptor_ < 0)
    return;
  loop_.ready.forget(descriptor_, ticket_);
  ::close(std::exchange(descriptor_, -1));
}

void connection::receive(std::string_view bytes) {
  if (phase_ == phase::answering)
    answered(false);
  if (phase_ == phase::lingering)
    return discard(bytes.size());
  reader_.read(bytes);
  if (phase_ == phase::reading)
    return advance();
  if (body_)
    receive_body();
  if (reader_.unread() > max_unread)
    return abort();
  resume();
}

/// The client sends no more, or has left.
void connection::input_over() {
  input_over_ = true;
  end_body(false);
  out_->input_over();
  if (phase_ == phase::reading)
    out_->close(); // the rest of that request will never come
  else if (phase_ == phase::answering)
    resume();
}

void connection::check_deadline(time_point now) {
  out_->check_stalled(now);
  if (phase_ == phase::reading) {
    if (now < deadline_)
      return;
    if (resting_ == stage::between)
      return out_->close();
    return refuse(408, "the request did not arrive in time");
  }
  if (body_ && !is_body_paused_ && now >= deadline_)
    return refuse_body(408, "the body did not arrive in time");
  time_point since;
  const auto state = out_->look(false, &since);
  const bool is_idle =
      state == channel::state::free && (now - since >= front_->options.idle_timeout || front_->draining);
  const bool has_lingered = state == channel::state::closing && now - since >= linger_time;
  if (is_idle || has_lingered)
    out_->close();
}

void connection::drain() {
  if (phase_ == phase::reading)
    rest();
  else
    resume();
}

void connection::abort() {
  phase_ = phase::lingering;
  end_body(false);
  out_->abort();
}

/// Serves what has been read, until more input or an answer is needed.
void connection::advance() {
  for (;;) {
    switch (reader_.at()) {
    case stage::complete:
      if (!serve())
        return;
      break;
    case stage::refused:
      return refuse(reader_.status(), reader_.why());
    case stage::body:
      if (front_->options.stream_bodies)
        return hand_over_head();
      return rest();
    case stage::between:
    case stage::head:
      return rest();
    }
  }
}

/// @returns Whether the answer is out already and the next request, if any, has been begun.
bool connection::serve() {
  resting_ = stage::complete;
  phase_ = phase::answering;
  hand_over();
  return answered(reader_.unread() > 0 || input_over_);
}

void connection::hand_over() {
  const auto asked = std::make_shared<exchange>(out_, out_->begin(), reader_.facts());
  try {
    front_->serve(reader_.take(), responder(asked));
  } catch (const std::exception& error) {
    asked->send(error_answer(*front_, 500, error.what()));
  }
}

/// Hands a request over whose body is still to come.
void connection::hand_over_head() {
  resting_ = stage::complete;
  phase_ = phase::answering;
  body_ = std::make_shared<body_stream>([front = front_, thread = thread_, self = weak_from_this()] {
    front->post(thread, [self] {
      if (const auto alive = self.lock())
        alive->body_wanted();
    });
  });
  const auto asked = std::make_shared<exchange>(out_, out_->begin(), reader_.facts(), body_);
  asked_ = asked;
  auto head = reader_.take_head();
  head.stream = body_;
  receive_body();
  try {
    front_->serve(std::move(head), responder(asked));
  } catch (const std::exception& error) {
    asked->send(error_answer(*front_, 500, error.what()));
  }
}

/// Passes on what has come of a streamed body.
void connection::receive_body() {
  if (reader_.at() == stage::refused)
    return refuse_body(reader_.status(), reader_.why());
  is_body_paused_ = !body_->put(reader_.take_piece());
  deadline_ = clock::now() + front_->options.body_timeout;
  if (reader_.at() == stage::complete)
    end_body(true);
}

/// The body of a request that was handed over is no good: an answer that hasn't begun becomes an error.
void connection::refuse_body(int status, std::string_view why) {
  phase_ = phase::lingering;
  end_body(false);
  const auto asked = asked_.lock();
  out_->give_up();
  if (asked)
    asked->refuse(error_answer(*front_, status, why));
}

/// Whoever has the request waits for more of its body.
void connection::body_wanted() {
  if (!body_)
    return;
  if (reader_.wants_continue()) {
    reader_.told_to_continue();
    out_->send_interim(std::string(interim_answer));
  }
  if (std::exchange(is_body_paused_, false)) {
    deadline_ = clock::now() + front_->options.body_timeout;
    read();
  }
}

void connection::end_body(bool whole) {
  is_body_paused_ = false;
  if (const auto body = std::exchange(body_, nullptr))
    whole ? body->end() : body->cut();
}

/// Goes on to the next request if the answer is out.
/// @param tell Whether to be called back, by `resume`, if it isn't.
bool connection::answered(bool tell) {
  switch (out_->look(tell)) {
  case channel::state::busy:
    return false;
  case channel::state::free:
    phase_ = phase::reading;
    reader_.next();
    return true;
  case channel::state::closing:
  case channel::state::closed:
    phase_ = phase::lingering;
    end_body(false);
    return false;
  }
  return false;
}

void connection::resume() {
  if (phase_ != phase::answering)
    return;
  const bool was_paused = is_body_paused_;
  if (answered(true))
    advance();
  else if (was_paused && !is_body_paused_)
    read(); // Nobody wants the rest of the body any more: it is thrown away.
}

/// Waits for input, as long as the stage allows.
void connection::rest() {
  if (input_over_ || (front_->draining && reader_.at() == stage::between))
    return out_->close();
  if (resting_ == reader_.at())
    return;
  resting_ = reader_.at();
  deadline_ = clock::now() + limit(resting_);
  if (reader_.wants_continue()) {
    reader_.told_to_continue();
    out_->send_interim(std::string(interim_answer));
  }
}

void connection::refuse(int status, std::string_view why) {
  phase_ = phase::lingering;
  auto facts = reader_.facts();
  facts.keep_alive = false;
  exchange(out_, out_->begin(), facts).send(error_answer(*front_, status, why));
}

/// Reads on, within bounds, so that the answer isn't destroyed by a reset before the client has read it.
void connection::discard(size_t bytes) {
  discarded_ += bytes;
  if (discarded_ > front_->options.max_body_bytes + max_unread)
    out_->abort();
}

std::chrono::milliseconds connection::limit(stage at) const {
  switch (at) {
  case stage::head:
    return front_->options.header_timeout;
  case stage::body:
    return front_->options.body_timeout;
  default:
    return front_->options.idle_timeout;
  }
}

} // namespace opr::http
