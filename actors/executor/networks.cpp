#include "actors/executor/networks.hpp"

#include "actors/executor/gathering.hpp"

#include <spdlog/spdlog.h>

namespace opr {

namespace {

/// Lets the executor reach the runtimes of a network by their addresses.
void join(const services_ptr& with, const std::string& network, time_point deadline,
          std::shared_ptr<gathering> all) {
  auto joined = [network, all = std::move(all)](const result<done>& end) {
    if (end)
      return spdlog::debug("executor is in the network {}", network);
    // The container of another Engine, one that this one may run inside of.
    auto level = end.error().code == ec::container_not_found ? spdlog::level::debug : spdlog::level::warn;
    spdlog::log(level, "executor's own container can't join the network {}: {}", network, end.error().detail);
  };
  with->engine.connect_network(network, with->policy.own_container, deadline, std::move(joined));
}

} // namespace

void ensure_networks(const services_ptr& with, time_point deadline, then<done> on_done) {
  auto all = std::make_shared<gathering>(std::move(on_done));
  for (const auto& name : with->policy.networks)
    with->engine.ensure_network(name, with->policy.networks_apart, deadline,
                                [with, name, deadline, all](result<done> one) {
                                  if (one && !with->policy.own_container.empty())
                                    join(with, name, deadline, all);
                                  all->take(std::move(one));
                                });
}

} // namespace opr
