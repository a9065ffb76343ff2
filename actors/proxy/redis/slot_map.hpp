#pragma once

#include "actors/proxy/redis/connection.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string_view>
#include <vector>

namespace opr::redis {

/// Which server of a cluster owns which slots, as the servers last told.
class slot_map {
public:
  /// Takes the answer to `CLUSTER SLOTS` in place of what was known. What makes no sense in it is left out.
  /// @param asked Who answered: the servers may call it by no name.
  /// @returns All servers in it, owners first.
  std::vector<redis_address> learn(const redisReply& answer, const redis_address& asked);
  /// The owner of one slot, as a redirection tells it.
  void move(uint16_t slot, redis_address to) { moved_[slot] = std::move(to); }
  void forget();

  std::optional<redis_address> owner(uint16_t slot) const;

private:
  struct range {
    uint16_t last;
    redis_address owner;
  };
  std::map<uint16_t, range> ranges_; ///< By their first slots.
  std::map<uint16_t, redis_address> moved_;
};

/// Where an error `MOVED <slot> <host>:<port>` points; nothing if it is no such error.
/// @param asked Stands in where the host is empty.
std::optional<redis_address> moved_to(std::string_view error, const redis_address& asked);

} // namespace opr::redis
