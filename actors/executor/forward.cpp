#include "actors/executor/forward.hpp"

#include "actors/executor/execution_logs.hpp"
#include "core/utf8.hpp"

#include <algorithm>
#include <mutex>

namespace opr {

namespace {

/// Above this many bytes an answer is finished by a worker: turning it into JSON would hold up the I/O
/// thread.
constexpr std::size_t finish_inline_below = 128 * 1024;

/// A net call that its own reader steers: the handle may come after the first events.
class steering {
public:
  void hold(std::shared_ptr<net::call> what) {
    std::lock_guard lock{mutex_};
    call_ = std::move(what);
    if (call_ && cancelled_)
      call_->cancel();
    if (call_ && resumed_)
      call_->resume();
  }
  void resume() {
    std::lock_guard lock{mutex_};
    call_ ? call_->resume() : void(resumed_ = true);
  }
  void cancel() {
    std::lock_guard lock{mutex_};
    cancelled_ = true;
    if (call_)
      call_->cancel();
  }
  bool cancelled() {
    std::lock_guard lock{mutex_};
    return cancelled_;
  }

private:
  std::mutex mutex_;
  std::shared_ptr<net::call> call_;
  bool resumed_ = false;
  bool cancelled_ = false; ///< The caller has left.
};

class execution_reader : public net::response_reader {
public:
  execution_reader(services_ptr with, runtime_link_ptr link, runtime_actor from, execution_ptr call,
                   time_point begun, std::shared_ptr<steering> steer)
      : with_(std::move(with)), link_(std::move(link)), from_(std::move(from)), call_(std::move(call)),
        begun_(begun), steer_(std::move(steer)) {}

  void on_head(net::response_head&& head) override {
    head_ = std::move(head);
    if (!steer_)
      return;
    if (facts(link_->version).has_log_files)
      logs_ = log_id(head_);
    streamed_ = decode_head(link_->version, std::move(head_));
    call_->sink->head(streamed_.status_code, streamed_.headers);
  }

  net::flow on_body(std::string_view piece) override {
    if (!steer_) {
      too_large_ = body_.size() + piece.size() > max_function_answer;
      if (!too_large_)
        body_ += piece;
      return too_large_ ? net::flow::stop : net::flow::more;
    }
    if (call_->sink->body(piece))
      return net::flow::more;
    call_->sink->when_room([steer = steer_] { steer->resume(); });
    return net::flow::pause;
  }

  void on_done(failure why) override {
    if (too_large_)
      return fail(ec::runtime_failed, "The function's answer is larger than 64 MiB.");
    switch (why.code) {
    case ec::none:
      return steer_ ? finish_streamed() : finish();
    case ec::deadline_passed:
      return fail(link_->version == generation::v2 ? ec::execution_timeout : ec::runtime_timeout, {});
    case ec::connect_failed:
    case ec::connection_broken:
    case ec::cancelled:
      if (steer_ && steer_->cancelled())
        return fail(ec::cancelled, {});
      caf::anon_send(from_, atom::broken_v, std::move(call_), std::move(why));
      return;
    default:
      return fail(ec::runtime_failed, "The runtime's answer could not be read: " + why.detail);
    }
  }

private:
  void fail(ec code, std::string detail) {
    call_->give_back();
    call_->reply.give({code, std::move(detail)});
  }

  void finish() {
    auto logs = facts(link_->version).has_log_files ? log_id(head_) : std::nullopt;
    if (!logs && body_.size() < finish_inline_below)
      return answer(*with_, *link_, *call_, begun_, logs, std::move(head_), std::move(body_));
    // This reader ends here; what the worker needs goes along.
    auto head = std::make_shared<net::response_head>(std::move(head_));
    auto body = std::make_shared<std::string>(std::move(body_));
    with_->run_short([logs, head, body, link = link_, call = call_, begun = begun_, with = with_] {
      answer(*with, *link, *call, begun, logs, std::move(*head), std::move(*body));
    });
  }

  /// The body is with the caller already.
  void finish_streamed() {
    if (!logs_)
      return conclude(*with_, *link_, *call_, begun_, logs_, std::move(streamed_));
    auto made = std::make_shared<execution_result>(std::move(streamed_));
    with_->run_short([logs = logs_, made, link = link_, call = call_, begun = begun_, with = with_] {
      conclude(*with, *link, *call, begun, logs, std::move(*made));
    });
  }

  static void answer(const services& with, const runtime_link& link, execution_call& call, time_point begun,
                     const std::optional<std::string>& logs, net::response_head&& head, std::string&& body) {
    auto made = decode_from_runtime(link.version, std::move(head), std::move(body));
    if (!made) {
      call.give_back();
      call.reply.give(std::move(made.error()));
      return;
    }
    conclude(with, link, call, begun, logs, std::move(*made));
  }

  static void conclude(const services& with, const runtime_link& link, execution_call& call, time_point begun,
                       const std::optional<std::string>& logs, execution_result&& made) {
    if (logs)
      take_execution_logs(link.log_folder, *logs, made);
    // The runtime is told (by the end of the claim) before the caller is: his next request must not overtake
    // that.
    auto now = with.now();
    made.duration = std::chrono::duration<double>(now - begun).count();
    made.start_time = unix_seconds(wall_clock::now()) - made.duration;
    call.give_back_served(now);
    call.reply.give(std::move(made));
  }

  services_ptr with_;
  runtime_link_ptr link_;
  runtime_actor from_;
  execution_ptr call_;
  time_point begun_;
  net::response_head head_;
  std::string body_;
  bool too_large_ = false;
  std::shared_ptr<steering> steer_; ///< Set: the answer goes on as it comes.
  execution_result streamed_;       ///< Then: all of it but the body.
  std::optional<std::string> logs_;
};

} // namespace

void forward(const services_ptr& with, const runtime_link_ptr& link, const runtime_actor& from,
             execution_ptr call) {
  if (!call->slot && !place::enter(link->slots, call->slot))
    return caf::anon_send(from, atom::execute_v, std::move(call)); // it waits there for its turn
  // A v2 runtime gets the body as a JSON string.
  if (link->version == generation::v2 && !is_utf8(call->request.body)) {
    call->give_back();
    call->reply.give({ec::execution_bad_request, "A v2 runtime takes no binary body."});
    return;
  }
  auto now = with->now();
  auto request = encode_for_runtime(call, *link, now);
  auto begun = std::max(call->arrived, link->up_since);
  // What a v2 runtime answers is JSON, of which nothing can go on before its end.
  auto sink = link->version == generation::v2 ? nullptr : call->sink;
  auto steer = sink ? std::make_shared<steering>() : nullptr;
  auto reader = std::make_shared<execution_reader>(with, link, from, std::move(call), begun, steer);
  auto sent = link->server->send(std::move(request), std::move(reader));
  if (!sink)
    return;
  steer->hold(std::move(sent));
  sink->when_gone([steer] { steer->cancel(); });
}

} // namespace opr
