#include "actors/executor/forward.hpp"

#include "actors/executor/execution_logs.hpp"
#include "core/utf8.hpp"

#include <algorithm>

namespace opr {

namespace {

/// Above this many bytes an answer is finished by a worker: turning it into JSON would hold up the I/O
/// thread.
constexpr std::size_t finish_inline_below = 128 * 1024;

class execution_reader : public net::response_reader {
public:
  execution_reader(services_ptr with, runtime_link_ptr link, runtime_actor from, execution_ptr call,
                   time_point begun)
      : with_(std::move(with)), link_(std::move(link)), from_(std::move(from)), call_(std::move(call)),
        begun_(begun) {}

  void on_head(net::response_head&& head) override { head_ = std::move(head); }

  net::flow on_body(std::string_view piece) override {
    too_large_ = body_.size() + piece.size() > max_function_answer;
    if (too_large_)
      return net::flow::stop;
    body_ += piece;
    return net::flow::more;
  }

  void on_done(failure why) override {
    if (too_large_)
      return fail(ec::runtime_failed, "The function's answer is larger than 64 MiB.");
    switch (why.code) {
    case ec::none:
      return finish();
    case ec::deadline_passed:
      return fail(link_->version == generation::v2 ? ec::execution_timeout : ec::runtime_timeout, {});
    case ec::connect_failed:
    case ec::connection_broken:
    case ec::cancelled:
      caf::anon_send(from_, atom::broken_v, std::move(call_), std::move(why));
      return;
    default:
      return fail(ec::runtime_failed, "The runtime's answer could not be read: " + why.detail);
    }
  }

private:
  void fail(ec code, std::string detail) {
    call_->holds.release();
    call_->reply.give({code, std::move(detail)});
  }

  void finish() {
    auto logs = link_->version == generation::v2 ? std::nullopt : log_id(head_);
    if (!logs && body_.size() < finish_inline_below)
      return answer(*with_, *link_, *call_, begun_, logs, std::move(head_), std::move(body_));
    // This reader ends here; what the worker needs goes along.
    auto head = std::make_shared<net::response_head>(std::move(head_));
    auto body = std::make_shared<std::string>(std::move(body_));
    with_->run_short([logs, head, body, link = link_, call = call_, begun = begun_, with = with_] {
      answer(*with, *link, *call, begun, logs, std::move(*head), std::move(*body));
    });
  }

  static void answer(const services& with, const runtime_link& link, execution_call& call, time_point begun,
                     const std::optional<std::string>& logs, net::response_head&& head, std::string&& body) {
    auto made = decode_from_runtime(link.version, std::move(head), std::move(body));
    if (!made) {
      call.holds.release();
      call.reply.give(std::move(made.error()));
      return;
    }
    if (logs)
      take_execution_logs(link.log_folder, *logs, *made);
    // The runtime is told (by the end of the claim) before the caller is: his next request must not overtake
    // that.
    auto now = with.now();
    made->duration = std::chrono::duration<double>(now - begun).count();
    made->start_time = unix_seconds(wall_clock::now()) - made->duration;
    call.holds.served(now);
    call.reply.give(std::move(*made));
  }

  services_ptr with_;
  runtime_link_ptr link_;
  runtime_actor from_;
  execution_ptr call_;
  time_point begun_;
  net::response_head head_;
  std::string body_;
  bool too_large_ = false;
};

} // namespace

void forward(const services_ptr& with, const runtime_link_ptr& link, const runtime_actor& from,
             execution_ptr call) {
  auto now = with->now();
  auto request = encode_for_runtime(call, *link, now);
  auto begun = std::max(call->arrived, link->up_since);
  auto reader = std::make_shared<execution_reader>(with, link, from, std::move(call), begun);
  link->server->send(std::move(request), std::move(reader));
}

} // namespace opr
