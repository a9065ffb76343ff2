#pragma once

#include "actors/executor/engine_watcher.hpp"
#include "actors/executor/image_keeper.hpp"
#include "actors/executor/supervisor.hpp"
#include "actors/executor/sweeper.hpp"
#include "actors/executor/usage.hpp"
#include "fixture.hpp"

#include <caf/scheduler/test_coordinator.hpp>

namespace opr::test {

struct testing_config : caf::actor_system_config {
  testing_config() { set("scheduler.policy", caf::atom("testing")); }
};

/// The actors of an executor, and what they run on.
struct executor_fixture::actors {
  explicit actors(services_ptr services) : with(std::move(services)) {}

  caf::scheduler::test_coordinator& scheduler() {
    return dynamic_cast<caf::scheduler::test_coordinator&>(system.scheduler());
  }

  testing_config settings;
  caf::actor_system system{settings};
  services_ptr with;
  sweeper_actor cleaner = system.spawn(sweeper, with);
  image_keeper_actor images = system.spawn(image_keeper, with);
  supervisor_actor chief = system.spawn(supervisor, with, cleaner, images);
  engine_watcher_actor watcher;
  usage_actor meter;
  std::shared_ptr<usage_board> board = std::make_shared<usage_board>();
};

} // namespace opr::test
