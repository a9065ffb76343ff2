#include "http/server/connection/connection.hpp"

#include "http/server/connection/exchange.hpp"
#include "http/server/connection/front_end.hpp"

namespace opr::http {

namespace {

using namespace std::chrono_literals;

/// How much a client may send ahead of the answers it waits for.
constexpr size_t max_unread = 1024 * 1024;
/// How long a connection is kept after its last answer for the client to read it and close.
constexpr auto linger_time = 5s;

constexpr std::string_view interim_answer = "HTTP/1.1 100 Continue\r\n\r\n";

} // namespace

std::shared_ptr<connection> connection::make(std::shared_ptr<front_end> front, int descriptor) {
  auto made = std::make_shared<connection>(front);
  auto on_free = [front, self = std::weak_ptr(made)] {
    front->thread.post([self] {
      if (const auto alive = self.lock())
        alive->resume();
    });
  };
  made->out_ = std::make_shared<channel>(std::move(front), descriptor, std::move(on_free));
  made->rest();
  return made;
}

connection::connection(std::shared_ptr<front_end> front)
    : front_(std::move(front)), reader_(front_->options.max_header_bytes, front_->options.max_body_bytes) {}

void connection::receive(std::string_view bytes) {
  if (phase_ == phase::answering)
    answered(false);
  if (phase_ == phase::lingering)
    return discard(bytes.size());
  reader_.read(bytes);
  if (phase_ == phase::reading)
    return advance();
  if (reader_.unread() > max_unread)
    return abort();
  resume();
}

void connection::input_over() {
  input_over_ = true;
  out_->input_over();
  if (phase_ == phase::reading)
    out_->close(); // the rest of that request will never come
  else if (phase_ == phase::answering)
    resume();
}

void connection::check_deadline(time_point now) {
  if (phase_ == phase::reading) {
    if (now < deadline_)
      return;
    if (resting_ == stage::between)
      return out_->close();
    return refuse(408, "the request did not arrive in time");
  }
  time_point since;
  const auto state = out_->look(false, &since);
  if (state == channel::state::free && (now - since >= front_->options.idle_timeout || front_->draining))
    out_->close();
  else if (state == channel::state::closing && now - since >= linger_time)
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
    case stage::between:
    case stage::head:
    case stage::body:
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
    return false;
  }
  return false;
}

void connection::resume() {
  if (phase_ == phase::answering && answered(true))
    advance();
}

/// Waits for input, as long as the stage allows.
void connection::rest() {
  if (input_over_ || (front_->draining && reader_.at() == stage::between))
    return out_->close();
  if (resting_ == reader_.at())
    return;
  resting_ = reader_.at();
  deadline_ = clock::now() + limit(resting_);
  if (reader_.wants_continue())
    out_->send_interim(std::string(interim_answer));
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
