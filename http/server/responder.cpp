#include "http/server/responder.hpp"

#include "http/server/connection/exchange.hpp"

namespace opr::http {

void responder::hold(std::shared_ptr<void> what) {
  if (exchange_)
    exchange_->hold(std::move(what));
}

void responder::send(response answer) {
  if (exchange_)
    exchange_->send(std::move(answer));
}

void responder::start(response answer) {
  if (exchange_)
    exchange_->start(std::move(answer));
}

void responder::write(std::string piece) {
  if (exchange_)
    exchange_->write(std::move(piece));
}

void responder::finish() {
  if (exchange_)
    exchange_->finish();
}

size_t responder::pending() const { return exchange_ ? exchange_->pending() : 0; }

void responder::on_drained(std::function<void()> call) {
  if (exchange_)
    exchange_->on_drained(std::move(call));
}

void responder::on_gone(std::function<void()> call) {
  if (exchange_)
    exchange_->on_gone(std::move(call));
}

bool responder::gone() const { return exchange_ && exchange_->gone(); }

} // namespace opr::http
