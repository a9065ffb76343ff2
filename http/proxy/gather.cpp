#include "http/proxy/gather.hpp"

#include "net/http_client.hpp"

#include <utility>

namespace opr::http {

namespace {

class gathering : public std::enable_shared_from_this<gathering> {
public:
  gathering(std::shared_ptr<net::body_source> from, std::string&& begun, size_t most, then<shared_body> whole)
      : from_(std::move(from)), body_(std::move(begun)), most_(most), whole_(std::move(whole)) {}

  void pull() {
    from_->pull([self = shared_from_this()](const std::string& piece) { self->take(piece); });
  }

private:
  void take(const std::string& piece) {
    if (piece.empty())
      return whole_(std::make_shared<const std::string>(std::move(body_)));
    if (body_.size() + piece.size() > most_)
      return whole_({ec::answer_too_large, "the body is larger than " + std::to_string(most_) + " bytes"});
    body_ += piece;
    pull();
  }

  std::shared_ptr<net::body_source> from_;
  std::string body_;
  size_t most_;
  then<shared_body> whole_;
};

} // namespace

void gather_body(request& in, size_t most, then<shared_body> whole) {
  if (!in.stream)
    return whole(std::make_shared<const std::string>(std::move(in.body)));
  std::make_shared<gathering>(std::move(in.stream), std::move(in.body), most, std::move(whole))->pull();
}

} // namespace opr::http
