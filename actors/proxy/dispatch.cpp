#include "actors/proxy/dispatch.hpp"

#include <utility>

namespace opr {

void look(const fleet& all, const std::string& runtime_id, std::vector<standing>& into) {
  into.clear();
  for (const auto& member : all) {
    const auto& link = *member.link;
    standing one;
    one.name = link.name;
    one.online = link.online.load(std::memory_order_relaxed) && !link.suspect.load(std::memory_order_relaxed);
    one.reachable = link.reachable.load(std::memory_order_relaxed);
    one.usage = link.usage.load(std::memory_order_relaxed);
    one.in_flight = link.in_flight.load(std::memory_order_relaxed);
    if (!runtime_id.empty() && one.online && one.reachable)
      one.runtime = link.runtimes.find(runtime_id);
    into.push_back(one);
  }
}

void note_sent(proxy_services& with, node_link& to, const std::string& runtime_id) {
  if (!runtime_id.empty() && to.runtimes.mark(runtime_id, {true, 0}, with.now()))
    with.store.mark(to.name, runtime_id, {true, 0});
}

void note_broken(proxy_services& with, node_link& to, const std::string& runtime_id) {
  constexpr runtime_view gone{false, 100};
  if (!runtime_id.empty() && to.runtimes.mark(runtime_id, gone, with.now()))
    with.store.mark(to.name, runtime_id, gone);
}

void note_suspect(const fleet_member& to) {
  if (!to.link->suspect.exchange(true))
    to.on_suspect();
}

void note_unreachable(const fleet_member& to, failure why) {
  if (to.link->reachable.exchange(false))
    to.on_unreachable(std::move(why));
}

} // namespace opr
