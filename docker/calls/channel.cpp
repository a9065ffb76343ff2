#include "docker/calls/channel.hpp"

#include <utility>

namespace opr::docker {

namespace {

constexpr std::size_t max_answer = 16UL << 20U; // a list of thousands of containers
constexpr std::size_t max_refusal = 64UL << 10U;

net::outgoing to_outgoing(request what) {
  net::outgoing out;
  out.method = std::move(what.method);
  out.target = std::move(what.target);
  out.deadline = what.deadline;
  if (!what.registry_auth.empty())
    out.headers.push_back({"X-Registry-Auth", std::move(what.registry_auth)});
  if (!what.body.empty()) {
    out.headers.push_back({"Content-Type", "application/json"});
    auto body = std::make_shared<const std::string>(std::move(what.body));
    out.body = *body;
    out.body_owner = std::move(body);
  }
  return out;
}

/// Tells an answer that streams from a refusal, and a stream that broke from one that its handler ended.
class stream_reader final : public net::response_reader {
public:
  stream_reader(engine_call call, std::string where, stream_handler handler)
      : call_(call), where_(std::move(where)), handler_(std::move(handler)) {}

  void on_head(net::response_head&& head) override {
    status_ = head.status;
    if (!refused() && handler_.on_open)
      handler_.on_open();
  }

  net::flow on_body(std::string_view piece) override {
    if (refused()) {
      refusal_body_.append(piece);
      if (refusal_body_.size() > max_refusal)
        ended_ = refusal(call_, status_, {});
    } else {
      ended_ = handler_.on_piece(piece);
    }
    return ended_.code == ec::none ? net::flow::more : net::flow::stop;
  }

  void on_done(failure why) override {
    if (ended_.code != ec::none)
      handler_.on_end(std::move(ended_));
    else if (why.code != ec::none)
      handler_.on_end(no_answer(why, where_));
    else if (refused())
      handler_.on_end(refusal(call_, status_, refusal_body_));
    else
      handler_.on_end({ec::none, {}});
  }

private:
  bool refused() const noexcept { return status_ >= 400; }

  engine_call call_;
  std::string where_;
  stream_handler handler_;
  int status_ = 0;
  std::string refusal_body_;
  failure ended_{ec::none, {}};
};

} // namespace

std::shared_ptr<net::call> channel::ask(request what, then<reply> on_done) {
  auto answered = [on_done = std::move(on_done), where = where_](const failure& why,
                                                                 net::whole_response&& answer) {
    if (why.code != ec::none)
      return on_done(no_answer(why, where));
    on_done(reply{answer.head.status, std::move(answer.body)});
  };
  return pool_->send(to_outgoing(std::move(what)), net::collect(max_answer, std::move(answered)));
}

std::shared_ptr<net::call> channel::stream(engine_call call, request what, stream_handler handler) {
  return pool_->send(to_outgoing(std::move(what)),
                     std::make_shared<stream_reader>(call, where_, std::move(handler)));
}

} // namespace opr::docker
