#include "actors/executor/quarantine.hpp"

#include <algorithm>
#include <chrono>
#include <functional>
#include <utility>

namespace opr {

namespace {

using std::chrono::seconds;

constexpr seconds shortest{1};
constexpr seconds longest{60};
constexpr seconds remembered{300}; ///< After the last failure.

/// Ids of which something is remembered; when there are more, the oldest goes.
constexpr std::size_t max_entries = 10000;

seconds time_for(unsigned failures) {
  if (failures < 2)
    return seconds{0};
  return std::min(longest, shortest * (1U << std::min(failures - 2, 16U)));
}

} // namespace

uint64_t start_fingerprint(const runtime_request& what) {
  std::string all;
  auto add = [&all](const std::string& part) { all.append(part).push_back('\0'); };
  add(what.image);
  add(what.source);
  add(what.entrypoint);
  add(what.runtime_entrypoint);
  add(std::to_string(what.cpus));
  add(std::to_string(what.memory_mb));
  for (const auto& [name, value] : what.variables) {
    add(name);
    add(value);
  }
  return std::hash<std::string>{}(all);
}

std::optional<failure> quarantine::refusal(const runtime_request& what, time_point now) const {
  auto found = entries_.find(what.runtime_id);
  if (found == entries_.end() || found->second.until <= now || found->second.start != start_fingerprint(what))
    return std::nullopt;
  const auto& known = found->second;
  auto left = std::chrono::ceil<seconds>(known.until - now);
  return failure{
      known.cause.code,
      "The runtime failed to start " + std::to_string(known.failures) +
          " times in a row and is tried again in " + std::to_string(left.count()) +
          " s. The last time: " + (known.cause.detail.empty() ? "It did not listen." : known.cause.detail)};
}

void quarantine::failed(const std::string& id, uint64_t start, failure cause, time_point now) {
  if (entries_.size() >= max_entries && entries_.count(id) == 0)
    entries_.erase(std::min_element(entries_.begin(), entries_.end(), [](const auto& a, const auto& b) {
      return a.second.last < b.second.last;
    }));
  auto& known = entries_[id];
  if (known.start != start || known.last + remembered <= now)
    known = entry{};
  known.start = start;
  known.last = now;
  known.until = now + time_for(++known.failures);
  known.cause = std::move(cause);
}

void quarantine::forget(time_point now) {
  for (auto it = entries_.begin(); it != entries_.end();)
    it = it->second.last + remembered <= now ? entries_.erase(it) : std::next(it);
}

} // namespace opr
