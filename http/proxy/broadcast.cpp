#include "http/proxy/broadcast.hpp"

#include "actors/proxy/dispatch.hpp"
#include "http/proxy/answers.hpp"
#include "http/proxy/fields.hpp"
#include "http/proxy/gather.hpp"

#include <mutex>
#include <utility>
#include <vector>

namespace opr::http {

namespace {

/// A body is kept until the last executor has it; an execution's is up to 20 MiB.
constexpr size_t largest_body = 22 * 1024 * 1024;

/// A broadcast and what has come of it; the last who holds it answers the caller.
class round_call {
public:
  round_call(proxy_context_ptr with, request&& in, responder out)
      : with_(std::move(with)), in_(std::move(in)), out_(std::move(out)),
        deadline_(with_->with->now() + with_->max_timeout) {}
  round_call(const round_call&) = delete;
  round_call& operator=(const round_call&) = delete;
  ~round_call() {
    if (is_sent_)
      answer();
  }

  request& asked() noexcept { return in_; }

  net::outgoing encode(const node_link& to, const shared_body& body) const {
    net::outgoing made;
    made.method = in_.method;
    made.target = in_.target;
    if (const auto* host = find_header(in_.headers, "host"))
      made.headers.push_back({"Host", *host});
    made.more_headers = fields_to_upstream(in_.headers, with_->authorization,
                                           with_->development ? to.name : std::string_view{});
    made.body = *body;
    made.body_owner = body;
    made.deadline = deadline_;
    made.connect_limit = with_->connect_timeout;
    return made;
  }

  /// From now on its end is its answer; before, the caller has left in the middle of his request.
  void sent() noexcept { is_sent_ = true; }

  void failed(const std::string& executor, const std::string& how) {
    std::lock_guard lock{mutex_};
    failures_ += (failures_.empty() ? "" : "; ") + executor + ": " + how;
  }

  void refuse(int status, const std::string& why) { out_.send(proxy_error(status, why, with_->version)); }

private:
  void answer() {
    if (failures_.empty())
      return out_.send({204, {}, {}});
    auto message = "The broadcast failed on " + failures_;
    auto path = in_.target.substr(0, in_.target.find('?'));
    with_->with->report({"broadcast_failed", message, 502, in_.method, std::move(path), {}});
    out_.send(proxy_error(502, message, with_->version));
  }

  const proxy_context_ptr with_;
  request in_;
  responder out_;
  const time_point deadline_;
  bool is_sent_ = false;
  std::mutex mutex_;
  std::string failures_;
};
using round_ptr = std::shared_ptr<round_call>;

/// The part of one executor.
class round_reader final : public net::response_reader {
public:
  round_reader(round_ptr round, fleet_member to)
      : round_(std::move(round)), to_(std::move(to)), claim_(to_.link) {}

  void on_head(net::response_head&& head) override { status_ = head.status; }
  net::flow on_body(std::string_view) override { return net::flow::more; }
  void on_done(failure why) override {
    if (why.code == ec::connect_failed)
      note_unreachable(to_, why);
    if (why.code != ec::none)
      round_->failed(to_.link->name, why.code == ec::deadline_passed ? "timed out" : why.detail);
    else if (status_ >= 500)
      round_->failed(to_.link->name, "answers " + std::to_string(status_));
    round_.reset();
  }

private:
  round_ptr round_;
  fleet_member to_;
  in_flight_claim claim_;
  int status_ = 0;
};

void send_to_all(const proxy_context& with, const round_ptr& round, const routing_fields& fields,
                 const shared_body& body) {
  auto executors = with.with->executors.read();
  std::vector<standing> all;
  look(*executors, fields.runtime_id, all);
  const auto whom = audience(all);
  if (whom.empty())
    return round->refuse(503, "No online executor found");
  round->sent();
  for (auto index : whom) {
    const auto& to = (*executors)[index];
    to.link->server->send(round->encode(*to.link, body), std::make_shared<round_reader>(round, to));
  }
}

} // namespace

void broadcast(const proxy_context_ptr& with, request&& in, responder out, routing_fields fields) {
  auto round = std::make_shared<round_call>(with, std::move(in), std::move(out));
  auto go_on = [with, round, fields = std::move(fields)](result<shared_body> body) {
    if (!body)
      return round->refuse(413, body.error().detail);
    send_to_all(*with, round, fields, *body);
  };
  gather_body(round->asked(), largest_body, std::move(go_on));
}

} // namespace opr::http
