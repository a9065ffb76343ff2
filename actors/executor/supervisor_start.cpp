#include "actors/executor/adoption.hpp"
#include "actors/executor/runtime.hpp"
#include "actors/executor/supervisor_room.hpp"
#include "actors/executor/supervisor_steps.hpp"
#include "actors/executor/workspace.hpp"
#include "core/random_id.hpp"

#include <spdlog/spdlog.h>

#include <utility>

namespace opr {

namespace {

constexpr std::size_t id_digits = 32;

runtime_folders folders_for(const supervisor_state& state, const runtime_request& request) {
  const auto& policy = state.with->policy;
  auto folders = folders_of(policy.data_dir, policy.executor, request.runtime_id);
  folders.logs_in_source = !facts(request.version).mounts_logging;
  return folders;
}

container_facts plan_facts(supervisor_state& state, const runtime_request& request) {
  const auto& policy = state.with->policy;
  container_facts facts;
  facts.executor = policy.executor;
  facts.hostname = random_hex(id_digits);
  facts.secret = random_hex(id_digits);
  facts.network = state.networks.take();
  facts.created = unix_seconds(wall_clock::now());
  facts.folders = folders_for(state, request);
  facts.memory_swap_mb = policy.memory_swap_mb;
  facts.isolation = policy.isolation;
  return facts;
}

runtime_facts published_facts(const runtime_request& request, const container_facts& container) {
  runtime_facts facts;
  facts.runtime_id = request.runtime_id;
  facts.name = container.executor + "-" + request.runtime_id;
  facts.hostname = container.hostname;
  facts.image = request.image;
  facts.version = opr::facts(request.version).name;
  facts.created = container.created;
  return facts;
}

/// Makes a runtime actor and enters it everywhere. The id must have been acquired.
void enter(supervisor_ptr self, std::shared_ptr<runtime_order> order) {
  auto& state = self->state;
  order->images = state.images;
  auto doing = std::make_shared<activity>();
  doing->touch(state.with->now());
  order->doing = doing;
  order->working = claim{doing};

  auto id = order->request.runtime_id;
  auto facts = published_facts(order->request, order->container);
  auto network = order->container.network;
  auto takes = needs_of(order->request);
  auto builds = has_build(order->request, order->why);
  auto actor = self->spawn<caf::monitored>(runtime, state.with, supervisor_actor{self}, std::move(order));
  state.ids.emplace(actor.address(), id);
  state.runtimes.emplace(id, supervised{actor, std::move(network), takes, builds, {}, {}});
  state.with->runtimes.add(std::move(facts), actor, std::move(doing));
  self->send(actor, atom::begin_v);
  follow_on(self, id);
  tick_by(self, state.with->now() + state.with->policy.inactive_threshold);
}

/// Takes a container over as it runs: with its secret, names, limits and folders, and without a new start.
void take_over(supervisor_ptr self, adopted_container&& what) {
  auto& state = self->state;
  const auto& record = what.record;
  auto order = std::make_shared<runtime_order>();
  order->request.runtime_id = record.runtime_id;
  order->request.image = record.image;
  order->request.version = record.version;
  order->request.cpus = record.cpus;
  order->request.memory_mb = record.memory_mb;
  order->request.concurrency = record.concurrency;
  order->container.executor = record.executor;
  order->container.hostname = record.hostname;
  order->container.secret = record.secret;
  order->container.network = record.network;
  order->container.created = record.created;
  order->container.folders = folders_for(state, order->request);
  order->container_id = std::move(what.container_id);
  order->ip_address = std::move(what.ip_address);
  state.networks.add(record.network);
  live_container live{record.runtime_id, order->container_id, what.pid, record.cpus};
  spdlog::info("supervisor adopts the runtime {}", record.runtime_id);
  auto id = record.runtime_id;
  enter(self, std::move(order));
  state.with->runtimes.set_container(std::move(live));
  state.with->runtimes.update(id, [](runtime_facts& facts) {
    facts.status = up_for(unix_seconds(wall_clock::now()) - facts.created);
    facts.initialised = true;
  });
  vacate(self, id);
}

} // namespace

void start(supervisor_ptr self, const runtime_request& request, purpose why, creation_ptr creation) {
  auto order = std::make_shared<runtime_order>();
  order->request = request;
  order->why = why;
  order->creation = std::move(creation);
  order->container = plan_facts(self->state, request);
  enter(self, std::move(order));
}

void adopt(supervisor_ptr self, const adoption_ptr& call) {
  for (auto& one : call->found)
    if (self->state.drained)
      self->state.with->runtimes.release(one.record.runtime_id);
    else
      take_over(self, std::move(one));
  call->reply.give(done{});
}

} // namespace opr
