#include "net/http_client.hpp"

#include <utility>

namespace opr::net {

namespace {

class collector final : public response_reader {
public:
  collector(size_t max_body, std::function<void(failure, whole_response&&)> then_do)
      : max_body_(max_body), then_do_(std::move(then_do)) {}

  void on_head(response_head&& head) override { answer_.head = std::move(head); }

  flow on_body(std::string_view piece) override {
    if (piece.size() > max_body_ - answer_.body.size()) {
      is_too_large_ = true;
      return flow::stop;
    }
    answer_.body.append(piece);
    return flow::more;
  }

  void on_done(failure why) override {
    if (is_too_large_)
      why = {ec::answer_too_large, "more than " + std::to_string(max_body_) + " bytes"};
    // What the callback holds may hold this reader's call.
    std::exchange(then_do_, nullptr)(std::move(why), std::move(answer_));
  }

private:
  const size_t max_body_;
  std::function<void(failure, whole_response&&)> then_do_;
  whole_response answer_;
  bool is_too_large_ = false;
};

} // namespace

std::shared_ptr<response_reader> collect(size_t max_body,
                                         std::function<void(failure why, whole_response&& answer)> then_do) {
  return std::make_shared<collector>(max_body, std::move(then_do));
}

} // namespace opr::net
