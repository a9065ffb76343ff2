#include "actors/proxy/redis/own_state.hpp"

#include "actors/proxy/redis/entry.hpp"

#include <utility>

namespace opr::redis {

namespace {

bool is_same(const runtime_view& a, const runtime_view& b) {
  return a.passes == b.passes && a.usage == b.usage;
}

/// Leaves out what can't be told.
std::map<std::string, runtime_view> tellable(std::map<std::string, runtime_view>&& runtimes) {
  for (auto it = runtimes.begin(); it != runtimes.end();)
    it = is_name(it->first) ? std::next(it) : runtimes.erase(it);
  while (runtimes.size() > own_state::most_runtimes)
    runtimes.erase(std::prev(runtimes.end()));
  return std::move(runtimes);
}

words set_words(const std::string& key, const std::map<std::string, runtime_view>& runtimes) {
  words set{"HSET", key};
  for (const auto& [id, runtime] : runtimes) {
    set.push_back(id);
    set.push_back(encode_runtime(runtime));
  }
  return set;
}

/// The list in place of the one that stands there; nobody sees it in between.
unit replace_list(const std::string& key, const std::map<std::string, runtime_view>& runtimes) {
  if (runtimes.empty())
    return {key, {{"DEL", key}}};
  return {key, {{"MULTI"}, {"DEL", key}, set_words(key, runtimes), {"EXEC"}}};
}

} // namespace

void own_state::publish(const std::string& executor, executor_view what) {
  if (!is_name(executor))
    return;
  what.runtimes = tellable(std::move(what.runtimes));
  withdrawn_.erase(executor);
  known_[executor] = {true, std::move(what)};
  news_[executor] = {true, {}};
}

void own_state::mark(const std::string& executor, const std::string& runtime_id, runtime_view what) {
  if (!is_name(executor) || !is_name(runtime_id) || withdrawn_.count(executor) != 0)
    return;
  auto& runtimes = known_[executor].view.runtimes;
  auto found = runtimes.find(runtime_id);
  if (found != runtimes.end() && is_same(found->second, what))
    return;
  if (found == runtimes.end() && runtimes.size() >= most_runtimes) {
    runtimes.clear();
    news_[executor] = {true, {}};
  }
  runtimes[runtime_id] = what;
  if (auto& told = news_[executor]; !told.is_whole)
    told.marked.insert(runtime_id);
}

void own_state::withdraw(const std::string& executor) {
  if (!is_name(executor))
    return;
  known_.erase(executor);
  if (withdrawn_.size() < most_withdrawn)
    withdrawn_.insert(executor);
  news_[executor] = {true, {}};
}

std::vector<unit> own_state::take_news() {
  std::vector<unit> units;
  for (const auto& [executor, what] : std::exchange(news_, {}))
    add_units(executor, what, units);
  return units;
}

void own_state::add_units(const std::string& executor, const news& what, std::vector<unit>& to) const {
  const std::string executors{executors_key};
  auto list = runtimes_key(executor);
  auto found = known_.find(executor);
  if (found == known_.end()) {
    to.push_back({executors, {{"HDEL", executors, executor}}});
    to.push_back({list, {{"DEL", list}}});
    return;
  }
  const auto& [is_published, view] = found->second;
  if (is_published && what.is_whole)
    to.push_back({executors, {{"HSET", executors, executor, encode_executor(view)}}});
  if (what.is_whole)
    return to.push_back(replace_list(list, view.runtimes));
  std::map<std::string, runtime_view> marked;
  for (const auto& id : what.marked)
    marked.emplace(id, view.runtimes.at(id));
  to.push_back({list, {set_words(list, marked)}});
}

void own_state::tell_all_again() {
  for (const auto& executor : withdrawn_)
    news_[executor] = {true, {}};
  for (const auto& [executor, what] : known_) {
    auto& told = news_[executor];
    told.is_whole = told.is_whole || what.is_published;
    told.marked.clear();
    if (told.is_whole)
      continue;
    for (const auto& [id, runtime] : what.view.runtimes)
      told.marked.insert(id);
    if (told.marked.empty())
      news_.erase(executor);
  }
}

} // namespace opr::redis
