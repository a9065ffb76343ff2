#include "http/proxy/forward.hpp"

#include "actors/proxy/dispatch.hpp"
#include "http/proxy/answers.hpp"
#include "http/proxy/fields.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <mutex>
#include <random>
#include <utility>

namespace opr::http {

namespace {

/// A shorter answer of known length is sent in one piece when it is there: that costs one system call in
/// place of two, and where the executor breaks off, the caller still gets an error that he can read.
constexpr uint64_t whole_below = 32 * 1024;

/// What a slow caller may leave unread before the executor is paused.
constexpr size_t most_unread = 256 * 1024;

uint64_t any_number() {
  thread_local std::mt19937_64 source{std::random_device{}()};
  return source();
}

std::string_view without_query(std::string_view target) { return target.substr(0, target.find('?')); }

/// One request, from its arrival to the end of its answer.
class forwarding final : public net::response_reader, public std::enable_shared_from_this<forwarding> {
public:
  forwarding(proxy_context_ptr with, request&& in, responder out, routing_fields&& fields)
      : with_(std::move(with)), in_(std::move(in)), out_(std::move(out)), fields_(std::move(fields)),
        fleet_(with_->with->executors.read()), deadline_(with_->with->now() + with_->max_timeout) {}

  void begin() {
    out_.on_gone([self = weak_from_this()] {
      if (auto alive = self.lock())
        alive->leave();
    });
    try_next();
  }

  void on_head(net::response_head&& head) override {
    strip_for_caller(head.headers);
    const bool is_to_head = in_.method == "HEAD";
    const bool has_body = !is_to_head && head.status != 204 && head.status != 304;
    const auto length = content_length(head.headers);
    answer_ = {head.status, std::move(head.headers), {}};
    is_held_ = has_body ? length && *length < whole_below : length || !is_to_head;
    if (is_held_) {
      if (has_body)
        answer_.body.reserve(*length);
      return;
    }
    has_started_ = true;
    out_.start(std::move(answer_));
  }

  net::flow on_body(std::string_view piece) override {
    if (is_held_) {
      answer_.body += piece;
      return net::flow::more;
    }
    out_.write(std::string(piece));
    if (out_.pending() < most_unread)
      return net::flow::more;
    out_.on_drained([self = weak_from_this()] {
      if (auto alive = self.lock())
        alive->resume();
    });
    return net::flow::pause;
  }

  void on_done(failure why) override {
    claim_.release();
    if (why.code == ec::none)
      return is_held_ ? out_.send(std::move(answer_)) : out_.finish();
    if (why.code == ec::connect_failed)
      return not_sent(std::move(why));
    if (has_left())
      return end();
    fail_sent(why);
  }

private:
  /// Sends the request to the best of those that were not tried yet.
  void try_next() {
    const auto* to = choose_member();
    if (to == nullptr)
      return fail(503, "executor_missing", "No online executor found", {});
    to_ = to;
    claim_ = in_flight_claim{to->link};
    note_sent(*with_->with, *to->link, fields_.runtime_id);
    hold(to->link->server->send(encode(*to->link), shared_from_this()));
  }

  const fleet_member* choose_member() const {
    thread_local std::vector<standing> all; // keeps its memory
    look(*fleet_, fields_.runtime_id, all);
    for (std::size_t i = 0; i < all.size(); ++i)
      all[i].tried = std::find(tried_.begin(), tried_.end(), &(*fleet_)[i]) != tried_.end();
    auto found = choose(all, {fields_.runtime_id, fields_.method, with_->by,
                              with_->turn.fetch_add(1, std::memory_order_relaxed), any_number()});
    return found ? &(*fleet_)[*found] : nullptr;
  }

  net::outgoing encode(const node_link& to) {
    net::outgoing made;
    made.method = in_.method;
    made.target = in_.target;
    if (const auto* host = find_header(in_.headers, "host"))
      made.headers.push_back({"Host", *host});
    made.more_headers = fields_to_upstream(in_.headers, with_->authorization,
                                           with_->development ? to.name : std::string_view{});
    made.body = in_.body;
    made.stream = in_.stream;
    made.stream_length = in_.body_length;
    if (!in_.body.empty())
      made.body_owner = shared_from_this();
    made.deadline = deadline_;
    made.connect_limit = with_->connect_timeout;
    return made;
  }

  /// Nobody has seen anything of the request.
  void not_sent(failure why) {
    note_unreachable(*to_, std::move(why));
    tried_.push_back(to_);
    if (has_left())
      return end();
    try_next();
  }

  /// The executor may have seen the request, or all of it.
  void fail_sent(const failure& why) {
    if (why.code == ec::deadline_passed)
      return fail(504, "executor_timeout", "Timed out waiting for the executor.", why.detail);
    if (why.code == ec::cancelled)
      return fail(503, "proxy_ends", "The proxy is shutting down.", why.detail);
    note_broken(*with_->with, *to_->link, fields_.runtime_id);
    if (why.code == ec::connection_broken && !has_started_)
      note_suspect(*to_);
    if (why.code == ec::connection_broken)
      return fail(502, "executor_broken", "The executor closed the connection before it had answered.",
                  why.detail);
    fail(502, "executor_invalid", "The executor's answer could not be read.", why.detail);
  }

  void fail(int status, const char* type, std::string message, const std::string& detail) {
    spdlog::debug("a request for {} fails with {}: {}", without_query(in_.target), status, detail);
    fault told{type,       message + (detail.empty() ? "" : " " + detail), status,
               in_.method, std::string(without_query(in_.target)),         {}};
    if (to_ != nullptr)
      told.tags.emplace_back("executor", to_->link->name);
    if (!fields_.runtime_id.empty())
      told.tags.emplace_back("runtime_id", fields_.runtime_id);
    with_->with->report(std::move(told));
    if (has_started_)
      return end(); // What was sent is cut off, so that nobody takes it for the whole.
    if (with_->development && !detail.empty())
      message += " " + detail;
    out_.send(proxy_error(status, message, with_->version));
  }

  /// Nobody is there any more to be answered.
  void end() { out_ = {}; }

  // The caller's connection calls these from any thread.

  void hold(std::shared_ptr<net::call> what) {
    std::lock_guard lock{mutex_};
    call_ = std::move(what);
    if (has_left_)
      call_->cancel();
  }
  void leave() {
    std::lock_guard lock{mutex_};
    has_left_ = true;
    if (call_)
      call_->cancel();
  }
  void resume() {
    std::lock_guard lock{mutex_};
    if (call_)
      call_->resume();
  }
  bool has_left() const {
    std::lock_guard lock{mutex_};
    return has_left_;
  }

  const proxy_context_ptr with_;
  const request in_;
  responder out_;
  const routing_fields fields_;
  const fleet_ptr fleet_;
  const time_point deadline_;
  std::vector<const fleet_member*> tried_; ///< Where it could not be sent.
  const fleet_member* to_ = nullptr;       ///< Where it was sent last.
  in_flight_claim claim_;
  response answer_; ///< As far as it is held back.
  bool is_held_ = false;
  bool has_started_ = false; ///< The caller has got the answer's head.
  mutable std::mutex mutex_; ///< Of what follows.
  std::shared_ptr<net::call> call_;
  bool has_left_ = false;
};

} // namespace

void forward(proxy_context_ptr with, request&& in, responder out, routing_fields fields) {
  std::make_shared<forwarding>(std::move(with), std::move(in), std::move(out), std::move(fields))->begin();
}

} // namespace opr::http
