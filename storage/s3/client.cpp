#include "storage/s3/client.hpp"

#include "core/random_id.hpp"
#include "net/moment.hpp"
#include "storage/s3/digest.hpp"
#include "storage/s3/signature.hpp"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <utility>

namespace opr::storage {

namespace {

constexpr int most_tries = 5;
constexpr std::chrono::milliseconds first_pause{100};
constexpr std::chrono::milliseconds longest_pause{5000};
constexpr size_t most_collected = size_t{1} << 20U;

/// Grows with each try, and differs between those who were turned away together.
clock::duration pause_before(int next_try) {
  auto whole = std::min(first_pause * (1 << (next_try - 1)), longest_pause);
  auto part = std::stoul(random_hex(4), nullptr, 16);
  return whole / 2 + whole / 2 * part / 0xffff;
}

/// Reads one answer: a good one goes to its taker, any other is collected.
class answer_reader final : public net::response_reader {
public:
  answer_reader(std::shared_ptr<body_taker> taker, std::function<void(s3_reply&&)> then_do)
      : taker_(std::move(taker)), then_do_(std::move(then_do)) {}

  void on_head(net::response_head&& head) override {
    reply_.head = std::move(head);
    if (reply_.head.status / 100 != 2)
      taker_ = nullptr;
    if (taker_)
      refused_ = taker_->begin(reply_.head);
  }

  net::flow on_body(std::string_view piece) override {
    if (refused_.code != ec::none)
      return net::flow::stop;
    if (taker_)
      return taker_->take(piece);
    auto room = most_collected - reply_.body.size();
    reply_.body.append(piece.substr(0, room));
    is_cut_ = piece.size() > room;
    return is_cut_ ? net::flow::stop : net::flow::more;
  }

  void on_done(failure why) override {
    if (refused_.code != ec::none)
      why = std::move(refused_);
    else if (is_cut_ && reply_.head.status / 100 != 2)
      why = {ec::none, {}}; // the beginning of an error page is enough
    reply_.why = std::move(why);
    taker_ = nullptr;
    then_do_(std::move(reply_));
  }

private:
  std::shared_ptr<body_taker> taker_;
  std::function<void(s3_reply&&)> then_do_;
  s3_reply reply_;
  failure refused_{ec::none, {}};
  bool is_cut_ = false;
};

class tries final : public s3_exchange, public std::enable_shared_from_this<tries> {
public:
  tries(std::shared_ptr<s3_client> owner, s3_request what, then<s3_reply> on_done)
      : owner_(std::move(owner)), what_(std::move(what)), on_done_(std::move(on_done)) {}

  void begin() {
    const auto mine = ++count_;
    auto taker = what_.taker ? what_.taker() : nullptr;
    auto reader = std::make_shared<answer_reader>(
        taker, [self = shared_from_this()](s3_reply&& reply) { self->end_try(std::move(reply)); });
    auto call = owner_->server().send(owner_->signed_request(what_), reader);
    if (taker)
      taker->belongs_to(call);
    std::lock_guard lock(mutex_);
    if (mine == count_) // else this one has ended already, and the next has begun
      call_ = call;
    if (is_cancelled_)
      call->cancel();
  }

  void cancel() override {
    std::lock_guard lock(mutex_);
    is_cancelled_ = true;
    if (auto call = call_.lock())
      call->cancel();
  }

private:
  void end_try(s3_reply&& reply) {
    auto verdict = judge(reply, owner_->name_of(what_.key));
    if (verdict.why.code == ec::none)
      return end(std::move(reply));
    auto when = clock::now() + verdict.retry_after.value_or(pause_before(count_));
    if (!verdict.may_repeat || count_ == most_tries || when >= what_.deadline || is_cancelled())
      return end(std::move(verdict.why));
    net::await_moment(owner_->io(), when, [self = shared_from_this()](const result<done>& come) {
      if (!come || self->is_cancelled())
        return self->end({ec::cancelled, self->owner_->name_of(self->what_.key) + ": given up"});
      self->begin();
    });
  }

  bool is_cancelled() {
    std::lock_guard lock(mutex_);
    return is_cancelled_;
  }

  void end(result<s3_reply> how) {
    what_ = {}; // makers of streams and takers may hold this
    std::exchange(on_done_, nullptr)(std::move(how));
  }

  const std::shared_ptr<s3_client> owner_;
  s3_request what_;
  then<s3_reply> on_done_;
  std::atomic<int> count_{0};
  std::mutex mutex_; ///< Of what follows.
  std::weak_ptr<net::call> call_;
  bool is_cancelled_ = false;
};

} // namespace

s3_client::s3_client(net::http_client& http, net::io_threads& io, s3_place where)
    : where_(std::move(where)), io_(io), server_(http.open(where_.server)) {}

std::shared_ptr<s3_exchange> s3_client::send(s3_request what, then<s3_reply> on_done) {
  auto made = std::make_shared<tries>(shared_from_this(), std::move(what), std::move(on_done));
  made->begin();
  return made;
}

void s3_client::close() { server_->close(); }

std::string s3_client::name_of(const std::string& key) const {
  auto bucket = where_.bucket.empty() ? "endpoint " + where_.host : "bucket " + where_.bucket;
  return key.empty() ? bucket : bucket + ", key " + key;
}

net::outgoing s3_client::signed_request(const s3_request& what) const {
  auto date = amz_date(wall_clock::now());
  signed_parts parts{what.method, path_of(where_, what.key), what.query, what.headers, {}};
  parts.payload_hash = what.stream ? std::string(unsigned_payload) : hex(sha256(what.body));
  parts.headers.push_back({"host", where_.host});
  parts.headers.push_back({"x-amz-content-sha256", parts.payload_hash});
  parts.headers.push_back({"x-amz-date", date});
  net::outgoing out;
  out.method = what.method;
  out.target = parts.path + (what.query.empty() ? "" : "?" + encode_query(what.query));
  out.headers = parts.headers;
  out.headers.push_back(
      {"authorization", authorization({where_.access_key, where_.secret, where_.region}, parts, date)});
  if (what.stream) {
    out.stream = what.stream();
    out.stream_length = what.stream_length;
  } else {
    auto owned = std::make_shared<const std::string>(what.body);
    out.body = *owned;
    out.body_owner = owned;
  }
  out.deadline = what.deadline;
  return out;
}

} // namespace opr::storage
