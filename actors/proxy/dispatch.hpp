#pragma once

#include "actors/proxy/routing.hpp"
#include "actors/proxy/services.hpp"

#include <string>
#include <vector>

namespace opr {

// What a request does to the fleet on its way, from any thread.

/// How all executors stand to a request for that runtime (empty: for none), in the order of the fleet.
void look(const fleet& all, const std::string& runtime_id, std::vector<standing>& into);

/// A request for that runtime goes there: it counts as being there from now on, for other proxies too.
void note_sent(proxy_services& with, node_link& to, const std::string& runtime_id);

/// A request for that runtime broke there: it is no place for it until it has been seen there again.
void note_broken(proxy_services& with, node_link& to, const std::string& runtime_id);

/// A request broke there before it was answered, as when an executor dies: the others go first until it has
/// been looked at, which is at once.
void note_suspect(const fleet_member& to);

/// Nobody could connect there: its circuit opens at once.
void note_unreachable(const fleet_member& to, failure why);

/// A request in flight to an executor, counted as long as this lives.
class in_flight_claim {
public:
  in_flight_claim() = default;
  explicit in_flight_claim(node_link_ptr on) : on_(std::move(on)) {
    on_->in_flight.fetch_add(1, std::memory_order_relaxed);
  }
  in_flight_claim(in_flight_claim&& other) noexcept : on_(std::move(other.on_)) {}
  in_flight_claim& operator=(in_flight_claim&& other) noexcept {
    release();
    on_ = std::move(other.on_);
    return *this;
  }
  in_flight_claim(const in_flight_claim&) = delete;
  in_flight_claim& operator=(const in_flight_claim&) = delete;
  ~in_flight_claim() { release(); }

  void release() noexcept {
    if (auto on = std::exchange(on_, nullptr))
      on->in_flight.fetch_sub(1, std::memory_order_relaxed);
  }

private:
  node_link_ptr on_;
};

} // namespace opr
