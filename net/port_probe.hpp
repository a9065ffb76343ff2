#pragma once

#include "core/clock.hpp"
#include "core/result.hpp"
#include "net/http_client.hpp"

#include <memory>

namespace opr::net {

/// A probe under way; `cancel` (any thread) ends it with `ec::cancelled`, dropping the handle doesn't.
class probe {
public:
  virtual ~probe() = default;
  virtual void cancel() = 0;
};

/// Waits until a TCP port accepts connections: tries about every millisecond at first, more slowly after
/// 10 s, each try with its own limit. There is no event for a port that opens in another network
/// namespace, hence the tries.
/// @param found Called once on the I/O thread: done, `ec::deadline_passed` or `ec::cancelled`.
std::shared_ptr<probe> await_port(io_threads& io, const address& where, time_point deadline,
                                  then<done> found);

} // namespace opr::net
