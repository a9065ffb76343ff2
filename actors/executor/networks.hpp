#pragma once

#include "actors/executor/services.hpp"

#include <functional>
#include <memory>
#include <utility>

namespace opr {

/// Creates the configured networks that are missing, and puts the executor's own container into all of them
/// when it runs in one; answers once all are there, or with the first failure. A network that can't be joined
/// is only logged: the executor may reach it all the same.
void ensure_networks(const services_ptr& with, time_point deadline, then<done> on_done);

/// Does what needs the networks. If one is missing then, makes the missing ones and does it once more.
/// @param attempt Started once or twice, never at the same time.
template <class T>
void with_networks(const services_ptr& with, time_point deadline, std::function<void(then<T>)> attempt,
                   then<T> on_done) {
  attempt([with, deadline, attempt, on_done](result<T> end) {
    if (end || end.error().code != ec::network_not_found)
      return on_done(std::move(end));
    ensure_networks(with, deadline, [attempt, on_done](result<done> made) {
      made ? attempt(on_done) : on_done(std::move(made.error()));
    });
  });
}

} // namespace opr
