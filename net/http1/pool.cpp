#include "net/http1/pool.hpp"

#include "net/http1/request_encoder.hpp"

#include <algorithm>
#include <utility>

namespace opr::net {

namespace {

/// Node's servers close idle connections after 5 s; one that is closed while a request is on its way is a
/// failed call.
constexpr auto longest_rest = std::chrono::seconds(2);

/// A connection that has rested no longer is used as it is: looking at it first costs a system call for each
/// request of a busy server, and what there is to see would hardly have arrived.
constexpr auto surely_quiet = std::chrono::milliseconds(1);

} // namespace

pool::pool(loop& on, const address& where, std::shared_ptr<const tls_context> security)
    : addressee(on.tasks), shared_(on), host_(host_of(where)), security_(std::move(security)),
      lookup_(std::make_shared<name_lookup>(on.context, where)) {}

void pool::carry(active_call& what) {
  if (is_closed_)
    return what.on_done({ec::cancelled, "closed"});
  if (calls_.empty() && resting_.empty())
    shared_.residents.insert(std::static_pointer_cast<pool>(shared_from_this()));
  calls_.push_back(what);
  while (!resting_.empty()) {
    auto last = std::move(resting_.back());
    resting_.pop_back();
    if (last.link->reuse(what, clock::now() - last.since > surely_quiet))
      return;
  }
  connect_for(what);
}

void pool::connect_for(active_call& what) {
  what.connecting();
  auto call = std::static_pointer_cast<active_call>(what.shared_from_this());
  lookup_->find([this, call](const result<endpoints>& where) {
    if (call->is_over())
      return;
    if (!where)
      return call->on_done(where.error());
    auto link = std::make_shared<connection>(shared_, *this);
    call->set_carrier(link);
    link->open(*where, *call);
  });
}

void pool::forget(active_call& what) {
  if (what.call_list_hook::is_linked())
    calls_.erase(calls_.iterator_to(what));
  leave_if_unused();
}

void pool::park(std::shared_ptr<connection> free) {
  if (is_closed_ || is_released_)
    return free->close();
  auto now = clock::now();
  resting_.push_back({std::move(free), now});
  if (!is_set())
    shared_.alarm.set(*this, now + longest_rest);
}

void pool::drop(const connection& idle) {
  auto is_it = [&](const auto& one) { return one.link.get() == &idle; };
  auto found = std::find_if(resting_.begin(), resting_.end(), is_it);
  found->link->close();
  resting_.erase(found);
}

void pool::on_deadline() {
  auto rested_since = clock::now() - longest_rest;
  auto is_fresh = [&](const auto& one) { return one.since > rested_since; };
  auto fresh = std::find_if(resting_.begin(), resting_.end(), is_fresh);
  std::for_each(resting_.begin(), fresh, [](const auto& one) { one.link->close(); });
  resting_.erase(resting_.begin(), fresh);
  if (!resting_.empty())
    shared_.alarm.set(*this, resting_.front().since + longest_rest);
}

void pool::on_signals(unsigned bits) {
  if ((bits & closed) != 0)
    close();
  if ((bits & released) != 0) {
    is_released_ = true;
    close_resting();
    leave_if_unused();
  }
}

void pool::close() {
  auto self = shared_from_this(); // The last call may be the last one who knows this pool.
  is_closed_ = true;
  while (!calls_.empty())
    calls_.front().on_done({ec::cancelled, "closed"});
  close_resting();
}

void pool::close_resting() {
  take_back();
  for (auto& one : std::exchange(resting_, {}))
    one.link->close();
}

void pool::leave_if_unused() {
  if (calls_.empty() && resting_.empty())
    shared_.residents.erase(std::static_pointer_cast<pool>(shared_from_this()));
}

} // namespace opr::net
