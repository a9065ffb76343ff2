#include "actors/proxy/warm_table.hpp"

#include <utility>

namespace opr {

namespace {

/// More runtimes than an executor can hold. Where no health check tells which are gone, all are forgotten
/// then: those in use are known again with their next request.
constexpr std::size_t most_runtimes = 10000;

} // namespace

std::optional<runtime_view> warm_table::find(const std::string& runtime_id) const {
  std::lock_guard lock{mutex_};
  if (auto found = own_.find(runtime_id); found != own_.end())
    return found->second.what;
  if (!theirs_)
    return std::nullopt;
  auto found = theirs_->runtimes.find(runtime_id);
  return found == theirs_->runtimes.end() ? std::nullopt : std::optional{found->second};
}

bool warm_table::mark(const std::string& runtime_id, runtime_view what, time_point now) {
  std::lock_guard lock{mutex_};
  auto found = own_.find(runtime_id);
  if (found != own_.end() && found->second.what.passes == what.passes)
    return false;
  if (own_.size() >= most_runtimes)
    own_.clear();
  own_[runtime_id] = {what, now};
  return true;
}

void warm_table::replace(const std::map<std::string, runtime_view>& shown, time_point begun) {
  std::unordered_map<std::string, entry> next;
  next.reserve(shown.size());
  for (const auto& [id, what] : shown)
    next.emplace(id, entry{what, time_point::min()});
  std::lock_guard lock{mutex_};
  for (auto& [id, known] : own_)
    if (known.marked >= begun)
      next.insert_or_assign(id, known);
  own_.swap(next);
}

void warm_table::share(std::shared_ptr<const executor_view> theirs) {
  std::lock_guard lock{mutex_};
  theirs_.swap(theirs);
}

void warm_table::clear() {
  std::lock_guard lock{mutex_};
  own_.clear();
  theirs_.reset();
}

std::map<std::string, runtime_view> warm_table::all() const {
  std::map<std::string, runtime_view> copy;
  std::lock_guard lock{mutex_};
  for (const auto& [id, known] : own_)
    copy.emplace(id, known.what);
  return copy;
}

} // namespace opr
