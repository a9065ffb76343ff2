#include "actors/proxy/redis/link.hpp"

#include "actors/proxy/redis/slot.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace opr::redis {

namespace {

constexpr int most_tries = 4;
constexpr std::size_t most_servers = 256;
constexpr std::size_t longest_reason = 200;

bool starts_with(std::string_view text, std::string_view with) { return text.substr(0, with.size()) == with; }

failure at(const redis_address& server, failure why) {
  why.detail = to_string(server) + ": " + why.detail;
  return why;
}

} // namespace

link::link(state_dsn where) : dsn_(std::move(where)), servers_(dsn_.servers.begin(), dsn_.servers.end()) {}

result<std::vector<answer>> link::run(const std::vector<unit>& units) {
  attempt now{units, std::vector<answer>(units.size()), {}, {}};
  indices todo(units.size());
  std::iota(todo.begin(), todo.end(), std::size_t{0});
  for (int tries = 0; tries < most_tries && !todo.empty(); ++tries) {
    if (is_over())
      return {ec::cancelled, {}};
    auto parts = by_server(units, todo);
    if (!parts)
      return parts.error();
    now.again.clear();
    for (const auto& [server, which] : *parts)
      if (auto ran = run_on(server, which, now); !ran)
        return ran.error();
    todo = now.again;
    took_detour_ = took_detour_ || !todo.empty();
  }
  if (!todo.empty())
    return now.why;
  return std::move(now.answers);
}

result<std::map<redis_address, link::indices>> link::by_server(const std::vector<unit>& units,
                                                               const indices& which) {
  std::map<redis_address, indices> parts;
  if (!dsn_.is_cluster) {
    parts[servers_.front()] = which;
    return parts;
  }
  for (auto index : which) {
    auto slot = slot_of(units[index].key);
    if (!slots_.owner(slot))
      if (auto learned = learn_slots(); !learned)
        return learned.error();
    auto owner = slots_.owner(slot);
    if (!owner)
      return {ec::general_unavailable, "no server of the cluster has slot " + std::to_string(slot)};
    parts[*owner].push_back(index);
  }
  return parts;
}

/// In a cluster, a server that fails leaves what it was to do for the next try: another may own the slots by
/// then.
result<done> link::run_on(const redis_address& server, const indices& which, attempt& now) {
  auto failed = [&](failure why) -> result<done> {
    drop(server);
    if (!dsn_.is_cluster || why.code == ec::answer_too_large || why.code == ec::general_unavailable)
      return why;
    slots_.forget();
    now.again.insert(now.again.end(), which.begin(), which.end());
    now.why = std::move(why);
    return done{};
  };
  auto to = connection_to(server);
  if (!to)
    return failed(to.error());
  std::vector<const words*> commands;
  for (auto index : which)
    for (const auto& command : now.units[index].commands)
      commands.push_back(&command);
  std::vector<reply_ptr> replies;
  auto ran = (*to)->run(commands, [&](reply_ptr reply) { replies.push_back(std::move(reply)); });
  auto next = replies.begin();
  for (auto index : which) {
    auto count = static_cast<std::ptrdiff_t>(now.units[index].commands.size());
    if (replies.end() - next < count)
      return failed(ran.error().code == ec::answer_too_large
                        ? failure{ec::answer_too_large, now.units[index].key}
                        : at(server, ran.error()));
    auto first_error = std::find_if(next, next + count, [](const auto& reply) { return is_error(*reply); });
    next += count;
    // The first error is the reason of those that follow.
    answer got{std::move(first_error != next ? *first_error : *(next - 1)), false};
    if (auto taken = take(server, index, std::move(got), now); !taken)
      return failed(taken.error());
  }
  return done{};
}

result<done> link::take(const redis_address& server, std::size_t index, answer&& got, attempt& now) {
  auto text = is_error(*got.last) ? text_of(*got.last) : std::string_view{};
  if (text.empty() || starts_with(text, "WRONGTYPE")) {
    got.is_refused = !text.empty();
    now.answers[index] = std::move(got);
    return done{};
  }
  failure why{ec::general_unavailable,
              to_string(server) + ": " + std::string(text.substr(0, longest_reason))};
  auto to = moved_to(text, server);
  if (!dsn_.is_cluster || !to)
    return why;
  slots_.move(slot_of(now.units[index].key), std::move(*to));
  now.again.push_back(index);
  now.why = std::move(why);
  return done{};
}

result<done> link::learn_slots() {
  const words question{"CLUSTER", "SLOTS"};
  failure why{ec::connect_failed, "there is no server"};
  for (const auto& server : std::deque<redis_address>(servers_)) {
    if (is_over())
      return {ec::cancelled, {}};
    auto to = connection_to(server);
    reply_ptr answer;
    auto ran = to ? (*to)->run({&question}, [&](reply_ptr reply) { answer = std::move(reply); })
                  : result<done>(to.error());
    if (!ran) {
      why = to ? at(server, ran.error()) : ran.error();
      drop(server);
      continue;
    }
    auto found = slots_.learn(*answer, server);
    for (auto& one : found)
      if (servers_.size() < most_servers &&
          std::find(servers_.begin(), servers_.end(), one) == servers_.end())
        servers_.push_back(std::move(one));
    if (!found.empty())
      return done{};
    why = {ec::general_unavailable, to_string(server) + " is in no cluster"};
  }
  return why;
}

result<connection*> link::connection_to(const redis_address& server) {
  auto& known = open_[server];
  if (!known) {
    auto made = connection::open(server, dsn_);
    if (!made)
      return at(server, made.error());
    known = std::move(*made);
  }
  return known.get();
}

/// The next one to be asked for the cluster's slots is another.
void link::drop(const redis_address& server) {
  open_.erase(server);
  auto found = std::find(servers_.begin(), servers_.end(), server);
  if (found == servers_.end())
    return;
  servers_.erase(found);
  servers_.push_back(server);
}

} // namespace opr::redis
