#include "actors/proxy/redis/slot_map.hpp"

#include "actors/proxy/redis/slot.hpp"

#include <algorithm>
#include <charconv>
#include <iterator>

namespace opr::redis {

namespace {

constexpr std::size_t most_servers = 256;
constexpr std::size_t longest_host = 253;

std::optional<uint16_t> number_of(const redisReply* reply, long long below) {
  if (reply == nullptr || reply->type != REDIS_REPLY_INTEGER || reply->integer < 0 || reply->integer >= below)
    return std::nullopt;
  return static_cast<uint16_t>(reply->integer);
}

/// `[host, port, …]`; the host is empty or null where the server doesn't know it.
std::optional<redis_address> server_of(const redisReply* reply, const redis_address& asked) {
  if (reply == nullptr || reply->type != REDIS_REPLY_ARRAY || reply->elements < 2 ||
      reply->element[0] == nullptr)
    return std::nullopt;
  auto host = text_of(*reply->element[0]);
  auto port = number_of(reply->element[1], 65536);
  if (!port || *port == 0 || host.size() > longest_host || host.find('\0') != std::string_view::npos)
    return std::nullopt;
  return redis_address{host.empty() || host == "?" ? asked.host : std::string(host), *port};
}

void add_once(std::vector<redis_address>& to, const redis_address& server) {
  if (to.size() < most_servers && std::find(to.begin(), to.end(), server) == to.end())
    to.push_back(server);
}

} // namespace

std::vector<redis_address> slot_map::learn(const redisReply& answer, const redis_address& asked) {
  forget();
  std::vector<redis_address> owners;
  std::vector<redis_address> others;
  for (std::size_t i = 0;
       answer.type == REDIS_REPLY_ARRAY && i < std::min<std::size_t>(answer.elements, slots); ++i) {
    const auto* row = answer.element[i];
    if (row == nullptr || row->type != REDIS_REPLY_ARRAY || row->elements < 3)
      continue;
    auto first = number_of(row->element[0], slots);
    auto last = number_of(row->element[1], slots);
    auto owner = server_of(row->element[2], asked);
    if (!first || !last || !owner)
      continue;
    ranges_[*first] = {*last, *owner};
    add_once(owners, *owner);
    for (std::size_t k = 3; k < std::min<std::size_t>(row->elements, most_servers); ++k)
      if (auto other = server_of(row->element[k], asked))
        add_once(others, *other);
  }
  for (const auto& other : others)
    add_once(owners, other);
  return owners;
}

void slot_map::forget() {
  ranges_.clear();
  moved_.clear();
}

std::optional<redis_address> slot_map::owner(uint16_t slot) const {
  if (auto moved = moved_.find(slot); moved != moved_.end())
    return moved->second;
  auto next = ranges_.upper_bound(slot);
  if (next == ranges_.begin())
    return std::nullopt;
  const auto& found = std::prev(next)->second;
  return slot <= found.last ? std::optional(found.owner) : std::nullopt;
}

std::optional<redis_address> moved_to(std::string_view error, const redis_address& asked) {
  constexpr std::string_view word = "MOVED ";
  if (error.substr(0, word.size()) != word)
    return std::nullopt;
  auto before = error.find(' ', word.size());
  auto colon = error.rfind(':');
  if (before == std::string_view::npos || colon == std::string_view::npos || colon <= before)
    return std::nullopt;
  auto host = error.substr(before + 1, colon - before - 1);
  auto port = error.substr(colon + 1);
  redis_address to{host.empty() ? asked.host : std::string(host), 0};
  auto [end, why] = std::from_chars(port.data(), port.data() + port.size(), to.port);
  if (why != std::errc{} || end != port.data() + port.size() || to.port == 0 || host.size() > longest_host)
    return std::nullopt;
  return to;
}

} // namespace opr::redis
