#include "reporting/queue.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace opr::reporting {

namespace {

bool is_same(const fault& a, const fault& b) {
  auto fields = [](const fault& one) {
    return std::tie(one.type, one.message, one.status, one.method, one.target, one.tags);
  };
  return fields(a) == fields(b);
}

} // namespace

bool queue::add(fault what, wall_clock::time_point now) {
  auto same = std::find_if(waiting_.begin(), waiting_.end(),
                           [&](const report& one) { return is_same(one.what, what); });
  if (same != waiting_.end()) {
    ++same->times;
    return true;
  }
  if (waiting_.size() >= most)
    return false;
  waiting_.push_back({std::move(what), now, 1});
  return true;
}

std::optional<report> queue::take() {
  if (waiting_.empty())
    return std::nullopt;
  auto first = std::move(waiting_.front());
  waiting_.pop_front();
  return first;
}

} // namespace opr::reporting
