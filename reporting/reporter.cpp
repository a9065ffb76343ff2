#include "reporting/reporter.hpp"

#include "net/loop/loop.hpp"
#include "reporting/queue.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <mutex>
#include <utility>

namespace opr::reporting {

namespace {

using namespace std::chrono_literals;
using std::chrono::seconds;

constexpr seconds upload_limit{10};
constexpr seconds shortest_rest{1};
constexpr seconds longest_rest{60};
constexpr auto lines_apart = 1min;
constexpr std::size_t longest_answer = 64 * 1024;

/// What became of an upload.
enum class outcome : uint8_t {
  taken,
  refused, ///< And would be again.
  down,    ///< Later it may be taken.
};

outcome outcome_of(const failure& why, int status) {
  if (why.code != ec::none || status >= 500 || status == 408 || status == 429)
    return outcome::down;
  return status >= 200 && status < 300 ? outcome::taken : outcome::refused;
}

net::address address_of(const provider& to) {
  net::address where;
  where.host = to.host;
  where.port = to.port;
  where.tls = to.tls;
  return where;
}

/// Lives on an I/O thread; faults come from any.
class reporter final : public net::addressee, public net::resident, private net::deadline {
public:
  reporter(net::loop& shared, net::http_client& http, provider to, origin from)
      : addressee(shared.tasks), shared_(shared), upstream_(http.open(address_of(to))), to_(std::move(to)),
        from_(std::move(from)) {}

  void take(fault what);

private:
  enum : unsigned { came = 1 };
  std::shared_ptr<reporter> self() { return std::static_pointer_cast<reporter>(shared_from_this()); }
  void on_signals(unsigned bits) override;
  void on_deadline() override { send_next(); }
  void on_stop() override;

  void send_next();
  void send(report&& what);
  void conclude(outcome how, const std::string& why);
  void count_drop(const std::string& why);
  void tell_trouble(std::unique_lock<std::mutex> lock);

  net::loop& shared_;
  const std::shared_ptr<net::upstream> upstream_;
  const provider to_;
  const origin from_;

  std::mutex mutex_;
  queue waiting_;
  bool is_over_ = false;
  unsigned dropped_ = 0; ///< Since the last line in the log.
  std::string trouble_;  ///< The last there was.
  time_point next_line_{};

  // The I/O thread's own.
  bool is_resident_ = false;
  std::optional<report> sending_;
  seconds rest_ = shortest_rest;
};

void reporter::take(fault what) {
  bool is_kept = false;
  {
    std::lock_guard lock(mutex_);
    if (is_over_)
      return;
    is_kept = waiting_.add(std::move(what), wall_clock::now());
  }
  if (is_kept)
    signal(came);
  else
    count_drop({});
}

void reporter::on_signals(unsigned) {
  if (!std::exchange(is_resident_, true))
    shared_.residents.insert(self());
  if (!is_set()) // else the provider is given a rest
    send_next();
}

void reporter::on_stop() {
  {
    std::lock_guard lock(mutex_);
    is_over_ = true;
  }
  take_back();
  upstream_->close();
}

void reporter::send_next() {
  if (sending_)
    return;
  std::optional<report> next;
  {
    std::lock_guard lock(mutex_);
    if (!is_over_)
      next = waiting_.take();
  }
  if (next)
    send(std::move(*next));
}

void reporter::send(report&& what) {
  auto made = std::make_shared<upload>(encode(to_, from_, what));
  sending_ = std::move(what);
  net::outgoing request;
  request.method = "POST";
  request.target = made->target;
  request.headers = made->headers;
  request.body = made->body;
  request.body_owner = made;
  request.deadline = clock::now() + upload_limit;
  upstream_->send(
      std::move(request),
      net::collect(longest_answer, [me = self()](const failure& why, net::whole_response&& answer) {
        if (why.code == ec::cancelled) // the I/O thread stops
          return me->sending_.reset();
        auto status = answer.head.status;
        auto how = outcome_of(why, status);
        me->conclude(how, why.code == ec::none ? "it answers " + std::to_string(status) : why.detail);
      }));
}

void reporter::conclude(outcome how, const std::string& why) {
  auto what = std::exchange(sending_, std::nullopt);
  if (how == outcome::refused)
    count_drop(why);
  if (how != outcome::down) {
    rest_ = shortest_rest;
    return send_next();
  }
  std::unique_lock lock(mutex_);
  if (is_over_)
    return;
  if (what)
    waiting_.put_back(std::move(*what));
  trouble_ = why;
  tell_trouble(std::move(lock));
  shared_.alarm.set(*this, clock::now() + rest_);
  rest_ = std::min(rest_ * 2, longest_rest);
}

void reporter::count_drop(const std::string& why) {
  std::unique_lock lock(mutex_);
  ++dropped_;
  if (!why.empty())
    trouble_ = why;
  tell_trouble(std::move(lock));
}

/// A line in the log, unless there was one just now. @param lock Held; let go of before the line is written.
void reporter::tell_trouble(std::unique_lock<std::mutex> lock) {
  auto now = clock::now();
  if (now < next_line_)
    return;
  next_line_ = now + lines_apart;
  auto count = std::exchange(dropped_, 0);
  auto why = trouble_.empty() ? "there is more than it takes" : trouble_;
  lock.unlock();
  spdlog::warn("reporter can't tell {} all, and has dropped {} reports since it last said so: {}",
               to_string(to_.kind), count, why);
}

} // namespace

report_fault start_reporting(net::io_threads& io, net::http_client& http, provider to, origin from) {
  auto made = std::make_shared<reporter>(io.shared(), http, std::move(to), std::move(from));
  return [made](fault what) { made->take(std::move(what)); };
}

} // namespace opr::reporting
