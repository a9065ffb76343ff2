#pragma once

#include "actors/proxy/state_dsn.hpp"
#include "actors/proxy/state_store.hpp"

#include <memory>

namespace opr {

/// What proxies share through Redis: written at once and read anew every second, by a thread of its own.
/// Nobody waits for Redis. When it is away, `trouble` and the log say so, the last view stands, and what was
/// meant to be written meanwhile, and all that was written before, is written when it is back.
/// @param where Names servers.
/// @param tell Called on that thread with every view that was read; not after the store has gone.
/// @note The store's end waits for what is being read, at most a second or two.
std::unique_ptr<state_store> make_redis_store(state_dsn where, on_shared_view tell);

} // namespace opr
