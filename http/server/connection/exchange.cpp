#include "http/server/connection/exchange.hpp"

#include "http/server/connection/front_end.hpp"

#include <utility>

namespace opr::http {

exchange::exchange(std::shared_ptr<channel> out, uint64_t number, request_facts asked,
                   std::shared_ptr<const body_stream> body)
    : out_(std::move(out)), number_(number), asked_(asked), body_(std::move(body)) {}

exchange::~exchange() {
  if (at_ == stage::unanswered)
    send(error_answer(out_->front(), 500, "the request was not answered"));
  else if (at_ == stage::started)
    out_->abort(number_);
}

void exchange::send(response answer) {
  if (advance(stage::unanswered, stage::over))
    send_whole(std::move(answer), closes_after());
}

void exchange::refuse(response error) {
  if (!advance(stage::unanswered, stage::over))
    return out_->abort(number_);
  send_whole(std::move(error), true);
}

void exchange::send_whole(response answer, bool close) {
  auto head = response_head(answer, asked_, body_length::sized, close, out_->front().options.server_name);
  if (!has_body(answer.status, asked_))
    answer.body.clear();
  out_->send(number_, close ? channel::part::last_and_close : channel::part::last, std::move(head),
             std::move(answer.body));
}

void exchange::start(response answer) {
  if (!advance(stage::unanswered, stage::starting))
    return;
  has_body_ = has_body(answer.status, asked_);
  const auto promised = promised_length(answer);
  left_ = has_body_ ? promised.value_or(0) : 0;
  if (promised)
    length_ = body_length::promised;
  else
    length_ = has_body_ || asked_.head ? streamed_length(asked_) : body_length::sized;
  closes_ = closes_after() || length_ == body_length::until_close;
  auto first_piece = std::exchange(answer.body, {});
  out_->send(number_, channel::part::more,
             response_head(answer, asked_, length_, closes_, out_->front().options.server_name));
  send_piece(std::move(first_piece));
  at_ = stage::started;
}

void exchange::write(std::string piece) {
  if (at_ == stage::started)
    send_piece(std::move(piece));
}

void exchange::finish() {
  if (!advance(stage::started, stage::over))
    return;
  if (left_ != 0)
    return out_->abort(number_);
  const bool chunked = has_body_ && length_ == body_length::chunked;
  out_->send(number_, closes_ ? channel::part::last_and_close : channel::part::last,
             chunked ? std::string(last_chunk) : std::string());
}

void exchange::send_piece(std::string piece) {
  if (piece.empty() || !has_body_) // an empty chunk would end the answer
    return;
  if (length_ == body_length::promised) {
    if (piece.size() > left_)
      return out_->abort(number_);
    left_ -= piece.size();
  }
  if (length_ != body_length::chunked)
    return out_->send(number_, channel::part::more, std::move(piece));
  auto head = chunk_head(piece.size());
  out_->send(number_, channel::part::more, std::move(head), std::move(piece), "\r\n");
}

bool exchange::closes_after() const {
  return !asked_.keep_alive || out_->front().draining || (body_ && !body_->ended());
}

response error_answer(const front_end& front, int status, std::string_view why) {
  if (front.options.error_page)
    return front.options.error_page(status, why);
  response answer;
  answer.status = status;
  answer.headers.push_back({"Content-Type", "text/plain; charset=utf-8"});
  answer.body.append(why).append("\n");
  return answer;
}

} // namespace opr::http
