#include "actors/proxy/redis/shared_view.hpp"

#include "actors/proxy/redis/entry.hpp"

#include <spdlog/spdlog.h>

#include <iterator>
#include <utility>
#include <vector>

namespace opr::redis {

namespace {

constexpr std::size_t most_said = 100;

/// Calls `each(name, entry)` for the fields of a hash; at most so many.
/// @returns Whether the answer was a hash, that all of it was looked at and made sense to `each`.
template <class F>
bool each_field(const redisReply& hash, std::size_t most, F each) {
  if (hash.type != REDIS_REPLY_ARRAY)
    return false;
  bool is_fine = hash.elements / 2 <= most;
  for (std::size_t i = 0; i + 1 < hash.elements && i / 2 < most; i += 2)
    is_fine &= each(text_of(*hash.element[i]), text_of(*hash.element[i + 1]));
  return is_fine;
}

} // namespace

result<executors_view_ptr> view_reader::read(link& from) {
  auto view = std::make_shared<executors_view>();
  const std::string executors{executors_key};
  auto online = read_hashes(from, {executors});
  if (!online)
    return online.error();
  auto is_fine =
      online->empty() || each_field(*online->front().last, most_executors, [&](auto name, auto entry) {
        auto read = is_name(name) ? decode_executor(entry) : std::nullopt;
        if (read)
          view->emplace(name, std::move(*read));
        return read.has_value();
      });
  if (!is_fine)
    complain("key " + executors + " holds what is no executor, which is ignored");

  std::vector<std::string> names;
  std::vector<std::string> keys;
  for (const auto& [name, executor] : *view)
    if (auto key = runtimes_key(name); !is_resting(key)) {
      names.push_back(name);
      keys.push_back(std::move(key));
    }
  auto lists = read_hashes(from, keys);
  if (!lists)
    return lists.error();
  for (std::size_t i = 0; i < lists->size(); ++i) {
    auto& runtimes = view->at(names[i]).runtimes;
    is_fine = each_field(*(*lists)[i].last, most_runtimes, [&](auto id, auto entry) {
      auto read = is_name(id) ? decode_runtime(entry) : std::nullopt;
      if (read)
        runtimes.emplace(id, *read);
      return read.has_value();
    });
    if (!is_fine)
      complain("key " + keys[i] + " holds what is no runtime, which is ignored");
  }
  return executors_view_ptr(std::move(view));
}

result<std::vector<answer>> view_reader::read_hashes(link& from, const std::vector<std::string>& keys) {
  std::vector<unit> units;
  for (const auto& key : keys)
    if (!is_resting(key))
      units.push_back({key, {{"HGETALL", key}}});
  auto answers = from.run(units);
  if (!answers && answers.error().code == ec::answer_too_large) {
    auto key = std::exchange(answers.error().detail, "it holds too much");
    complain("key " + key + " holds too much, and isn't read for a while");
    for (auto it = resting_.begin(); it != resting_.end();)
      it = is_resting(it->first) ? std::next(it) : resting_.erase(it);
    resting_[key] = clock::now() + rest_of_large_keys;
  }
  return answers;
}

bool view_reader::is_resting(const std::string& key) const {
  auto found = resting_.find(key);
  return found != resting_.end() && clock::now() < found->second;
}

void view_reader::complain(const std::string& what) {
  if (clock::now() < may_say_again_ || said_.count(what) != 0)
    return;
  if (said_.size() >= most_said)
    said_.clear();
  said_.insert(what);
  may_say_again_ = clock::now() + std::chrono::minutes(1);
  spdlog::warn("shared state: {}", what);
}

} // namespace opr::redis
