#include "tests/integration/net/support/recorder.hpp"

#include <stdexcept>

namespace opr::test {

using net::flow;

void recorder::on_head(net::response_head&& head) {
  {
    std::lock_guard lock(mutex_);
    told_after_end_ = told_after_end_ || ends_ > 0 || has_head_;
    has_head_ = true;
    head_ = std::move(head);
    changed_.notify_all();
  }
  if (on_head_told)
    on_head_told();
}

flow recorder::on_body(std::string_view piece) {
  {
    std::lock_guard lock(mutex_);
    told_after_end_ = told_after_end_ || ends_ > 0 || !has_head_;
    body_.append(piece);
    changed_.notify_all();
  }
  return on_piece ? on_piece(piece) : flow::more;
}

void recorder::on_done(failure why) {
  if (on_end)
    on_end();
  std::lock_guard lock(mutex_);
  why_ = std::move(why);
  ++ends_;
  changed_.notify_all();
}

template <class Predicate>
void recorder::wait_until(Predicate what, const char* name) {
  std::unique_lock lock(mutex_);
  if (!changed_.wait_for(lock, patience, what))
    throw std::runtime_error(std::string("waited in vain for ") + name);
}

failure recorder::wait() {
  wait_until([this] { return ends_ > 0; }, "the end of a call");
  std::lock_guard lock(mutex_);
  return why_;
}

void recorder::wait_for_head() {
  wait_until([this] { return has_head_; }, "the head of an answer");
}

void recorder::wait_for_body(size_t at_least) {
  wait_until([this, at_least] { return body_.size() >= at_least; }, "the body of an answer");
}

bool recorder::is_done() const { return ends() > 0; }

int recorder::ends() const {
  std::lock_guard lock(mutex_);
  return ends_;
}

int recorder::status() const { return head().status; }

net::response_head recorder::head() const {
  std::lock_guard lock(mutex_);
  return head_;
}

std::string recorder::body() const {
  std::lock_guard lock(mutex_);
  return body_;
}

bool recorder::was_told_after_end() const {
  std::lock_guard lock(mutex_);
  return told_after_end_;
}

net::outgoing client_fixture::request(std::string_view body) {
  net::outgoing made;
  made.method = body.empty() ? "GET" : "POST";
  made.body = body;
  made.deadline = clock::now() + patience - std::chrono::seconds(5);
  return made;
}

std::shared_ptr<recorder> exchange(net::upstream& with, net::outgoing what) {
  auto reader = std::make_shared<recorder>();
  with.send(std::move(what), reader);
  reader->wait();
  return reader;
}

} // namespace opr::test
