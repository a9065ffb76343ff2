#include "actors/executor/networks.hpp"

#include "actors/executor/gathering.hpp"

namespace opr {

void ensure_networks(const services_ptr& with, time_point deadline, then<done> on_done) {
  auto all = std::make_shared<gathering>(std::move(on_done));
  for (const auto& name : with->policy.networks)
    with->engine.ensure_network(name, deadline, [all](result<done> one) { all->take(std::move(one)); });
}

} // namespace opr
