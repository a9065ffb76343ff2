#include "actors/executor/registry.hpp"

#include <algorithm>
#include <cstdio>

namespace opr {

namespace {

runtime_facts with_activity(runtime_facts facts, const activity& doing) {
  facts.in_flight = doing.in_flight.load(std::memory_order_relaxed);
  auto unused_for = std::chrono::duration_cast<wall_clock::duration>(clock::now() - doing.used_at());
  facts.updated = unix_seconds(wall_clock::now() - unused_for);
  return facts;
}

} // namespace

std::string up_for(double seconds) {
  char status[32];
  std::snprintf(status, sizeof status, "Up %.2fs", seconds);
  return status;
}

bool registry::acquire(const std::string& id) {
  std::lock_guard lock{mutex_};
  return owned_.try_emplace(id).second;
}

void registry::release(const std::string& id) {
  std::vector<std::function<void()>> waiting;
  {
    std::lock_guard lock{mutex_};
    records_.erase(id);
    if (auto owned = owned_.extract(id))
      waiting = std::move(owned.mapped());
  }
  for (const auto& call : waiting)
    call();
}

void registry::when_released(const std::string& id, std::function<void()> call) {
  {
    std::lock_guard lock{mutex_};
    if (auto owned = owned_.find(id); owned != owned_.end()) {
      owned->second.push_back(std::move(call));
      return;
    }
  }
  call();
}

void registry::add(runtime_facts facts, runtime_actor actor, std::shared_ptr<activity> doing) {
  std::lock_guard lock{mutex_};
  auto id = facts.runtime_id;
  records_.insert_or_assign(std::move(id),
                            record{std::move(facts), std::move(actor), std::move(doing), nullptr, {}});
}

void registry::remove(const std::string& id) {
  std::lock_guard lock{mutex_};
  records_.erase(id);
}

std::optional<route> registry::find_route(const std::string& id) const {
  std::lock_guard lock{mutex_};
  auto found = records_.find(id);
  if (found == records_.end())
    return std::nullopt;
  return route{found->second.actor, found->second.link, claim{found->second.doing}};
}

void registry::set_link(const std::string& id, runtime_link_ptr link) {
  std::lock_guard lock{mutex_};
  if (auto found = records_.find(id); found != records_.end()) {
    found->second.facts.listening = link != nullptr;
    found->second.link = std::move(link);
  }
}

void registry::update(const std::string& id, const std::function<void(runtime_facts&)>& change) {
  std::lock_guard lock{mutex_};
  if (auto found = records_.find(id); found != records_.end())
    change(found->second.facts);
}

void registry::set_container(live_container what) {
  std::lock_guard lock{mutex_};
  if (auto found = records_.find(what.runtime_id); found != records_.end())
    found->second.container = std::move(what);
}

std::vector<live_container> registry::containers() const {
  std::lock_guard lock{mutex_};
  std::vector<live_container> all;
  for (const auto& [id, entry] : records_)
    if (entry.container)
      all.push_back(*entry.container);
  return all;
}

std::vector<runtime_actor> registry::retire_idle(time_point limit) {
  std::lock_guard lock{mutex_};
  std::vector<runtime_actor> retired;
  for (auto it = records_.begin(); it != records_.end();) {
    if (!it->second.doing->idle_since(limit)) {
      ++it;
      continue;
    }
    retired.push_back(std::move(it->second.actor));
    it = records_.erase(it);
  }
  return retired;
}

std::vector<std::string> registry::idle() const {
  std::vector<std::pair<time_point, std::string>> found;
  {
    std::lock_guard lock{mutex_};
    for (const auto& [id, entry] : records_)
      if (entry.doing->in_flight.load(std::memory_order_acquire) == 0)
        found.emplace_back(entry.doing->used_at(), id);
  }
  std::sort(found.begin(), found.end());
  std::vector<std::string> ids;
  ids.reserve(found.size());
  for (auto& [used, id] : found)
    ids.push_back(std::move(id));
  return ids;
}

std::optional<runtime_actor> registry::retire_if_idle(const std::string& id) {
  std::lock_guard lock{mutex_};
  auto found = records_.find(id);
  if (found == records_.end() || found->second.doing->in_flight.load(std::memory_order_acquire) != 0)
    return std::nullopt;
  auto actor = std::move(found->second.actor);
  records_.erase(found);
  return actor;
}

std::optional<time_point> registry::oldest_use() const {
  std::lock_guard lock{mutex_};
  std::optional<time_point> oldest;
  for (const auto& [id, entry] : records_) {
    if (entry.doing->in_flight.load(std::memory_order_relaxed) != 0)
      continue;
    auto used = entry.doing->used_at();
    oldest = oldest ? std::min(*oldest, used) : used;
  }
  return oldest;
}

std::optional<runtime_facts> registry::find(const std::string& id) const {
  std::lock_guard lock{mutex_};
  auto found = records_.find(id);
  if (found == records_.end())
    return std::nullopt;
  return with_activity(found->second.facts, *found->second.doing);
}

std::vector<std::string> registry::ids() const {
  std::vector<std::string> all;
  {
    std::lock_guard lock{mutex_};
    for (const auto& [id, entry] : records_)
      all.push_back(id);
  }
  std::sort(all.begin(), all.end());
  return all;
}

std::vector<runtime_facts> registry::list() const {
  std::vector<runtime_facts> all;
  {
    std::lock_guard lock{mutex_};
    for (const auto& [id, entry] : records_)
      all.push_back(with_activity(entry.facts, *entry.doing));
  }
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.runtime_id < b.runtime_id; });
  return all;
}

} // namespace opr
