#include "actors/executor/runtime_steps.hpp"

#include "actors/executor/build_cache.hpp"
#include "actors/executor/leftovers.hpp"
#include "actors/executor/networks.hpp"
#include "actors/executor/runtime_record.hpp"
#include "actors/executor/workspace.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

namespace opr {

namespace {

/// Limits of single calls, far above what they take: a hanging Engine or disk must not hold a runtime for
/// ever.
constexpr std::chrono::seconds engine_limit{60};
constexpr std::chrono::seconds fetch_limit{600};

void tell(const runtime_actor& who, event on, std::string text = {}) {
  caf::anon_send(who, report{on, {}, std::move(text), nullptr});
}

void tell(const runtime_actor& who, failure why) {
  caf::anon_send(who, report{event::failed, std::move(why), {}, nullptr});
}

time_point limit(runtime_ptr self, clock::duration most) { return self->state.with->now() + most; }

/// A running container's address on its network.
result<std::string> address_on(const docker::container_state& found, const std::string& network) {
  auto address = found.ip_addresses.find(network);
  if (address == found.ip_addresses.end() || address->second.empty())
    return {ec::runtime_failed, "The container has no address on the network " + network + "."};
  return address->second;
}

/// A start is given up at the later of its first caller's deadline and the idle threshold; a port that was
/// open before, in this life of the executor or an earlier one, only gets the patience for a refused
/// connection.
time_point port_deadline(const runtime_state& state) {
  auto now = state.with->now();
  if (state.ready_at || state.adopted)
    return now + state.with->policy.retry_patience;
  auto until = now + state.with->policy.inactive_threshold;
  return state.waiting.empty() ? until : std::max(until, state.waiting.front()->deadline);
}

void fetch_source(const runtime_actor& me, const services_ptr& with, const std::string& source,
                  const runtime_folders& folders, time_point until) {
  if (source.empty())
    return tell(me, event::prepared);
  with->storage.fetch(source, folders.source() + "/" + archive_name(source), until, [me](result<done> end) {
    end ? tell(me, event::prepared) : tell(me, std::move(end.error()));
  });
}

void set_link(runtime_ptr self, const std::string& ip_address) {
  auto& state = self->state;
  runtime_link link;
  link.version = state.order.request.version;
  link.secret = state.order.container.secret;
  link.headers = link_headers(link.secret);
  link.log_folder = state.order.container.folders.logs();
  link.server = state.with->http.open({{}, ip_address, runtime_port});
  link.up_since = state.with->now();
  if (auto most = state.order.request.concurrency; most != 0)
    link.slots = std::make_shared<gate>(most, [me = caf::actor_cast<caf::weak_actor_ptr>(self)] {
      // Weak, for the runtime itself holds the link; one that has ended needs no room.
      if (auto alive = caf::actor_cast<caf::strong_actor_ptr>(me))
        caf::anon_send(caf::actor_cast<runtime_actor>(alive), atom::room_v);
    });
  state.link = std::make_shared<const runtime_link>(std::move(link));
}

} // namespace

void prepare(runtime_ptr self) {
  auto& state = self->state;
  runtime_actor me = self;
  auto cache = has_build_cache(state.order.request, state.order.why) ? state.order.request.cache_key : "";
  state.cache_warning = std::make_shared<std::string>();
  state.with->run_blocking([me, with = state.with, container = state.order.container,
                            source = state.order.request.source, id = state.order.request.runtime_id, cache,
                            record = record_of(state.order.request, state.order.why, state.order.container),
                            warning = state.cache_warning, until = limit(self, fetch_limit)] {
    if (auto made = make_folders(container.folders, container.executor, id); !made)
      return tell(me, std::move(made.error()));
    if (auto written = write_record(container.folders, record); !written)
      return tell(me, std::move(written.error()));
    auto folders = container.folders;
    if (cache.empty())
      return fetch_source(me, with, source, folders, until);
    restore_build_cache(with, cache, folders, [=](const std::string& trouble) {
      *warning = trouble;
      fetch_source(me, with, source, folders, until);
    });
  });
}

void create_container(runtime_ptr self) {
  auto& state = self->state;
  runtime_actor me = self;
  auto until = limit(self, engine_limit);
  auto attempt = [with = state.with, until,
                  spec = plan_container(state.order.request, state.order.why, state.order.container)](
                     then<std::string> on_done) {
    auto create = [with, until, spec](then<std::string> then_on) {
      with->engine.create_container(spec, until, std::move(then_on));
    };
    with_networks<std::string>(with, until, create, std::move(on_done));
  };
  auto created = [me, may_pull = !state.image_pulled](result<std::string> id) {
    if (id)
      return tell(me, event::created, std::move(*id));
    if (may_pull && id.error().code == ec::image_not_found)
      return tell(me, event::image_missing);
    tell(me, std::move(id.error()));
  };
  // What has the name may be left of an earlier runtime of this id, of which the Engine failed to remove it.
  attempt([with = state.with, until, attempt, created,
           name = state.order.request.runtime_id](result<std::string> id) {
    if (id || id.error().code != ec::container_conflict)
      return created(std::move(id));
    remove_containers_of(with, name, until, [attempt, created](result<done> removed) {
      removed ? attempt(created) : created(std::move(removed.error()));
    });
  });
}

void pull_image(runtime_ptr self) {
  auto& state = self->state;
  runtime_actor me = self;
  state.image_pulled = true;
  auto pulled = [me](result<done> end) { end ? tell(me, event::pulled) : tell(me, std::move(end.error())); };
  self->send(state.order.images, atom::pull_v,
             std::make_shared<image_call>(state.order.request.image, std::move(pulled)));
}

void start_container(runtime_ptr self) {
  auto& state = self->state;
  runtime_actor me = self;
  self->send(state.order.images, atom::served_v, state.order.request.image);
  auto next = has_build(state.order.request, state.order.why) ? event::launched_to_build : event::launched;
  auto inspected = [me, next, with = state.with, network = state.order.container.network,
                    id = state.order.request.runtime_id,
                    cpus = state.order.request.cpus](result<docker::container_state> found) {
    if (!found)
      return tell(me, std::move(found.error()));
    if (!found->running) {
      caf::anon_send(me, container_death{id, found->id, found->exit_code, found->oom_killed, false});
      return tell(me, {ec::runtime_failed, {}});
    }
    with->runtimes.set_container({id, found->id, found->pid, cpus});
    auto address = address_on(*found, network);
    address ? tell(me, next, std::move(*address)) : tell(me, std::move(address.error()));
  };
  auto until = limit(self, engine_limit);
  auto start = [with = state.with, id = state.container_id, until](then<done> on_done) {
    with->engine.start_container(id, until, std::move(on_done));
  };
  with_networks<done>(
      state.with, until, start,
      [me, inspected, with = state.with, id = state.container_id, until](result<done> started) {
        started ? with->engine.inspect_container(id, until, inspected) : tell(me, std::move(started.error()));
      });
}

void await_port(runtime_ptr self) {
  auto& state = self->state;
  runtime_actor me = self;
  if (!state.link)
    set_link(self, state.ip_address);
  state.probe = state.with->await_port({{}, state.ip_address, runtime_port}, port_deadline(state),
                                       [me](result<done> end) {
                                         end ? tell(me, event::opened) : tell(me, {ec::runtime_timeout, {}});
                                       });
}

void verify_container(runtime_ptr self) {
  auto& state = self->state;
  // One that is only being started doesn't run yet; the start itself looks at it.
  if (state.ip_address.empty() || !accepts_executions(state.at))
    return;
  runtime_actor me = self;
  container_death death{state.order.request.runtime_id, state.container_id, -1, false, false};
  state.with->engine.inspect_container(state.container_id, limit(self, engine_limit),
                                       [me, death](result<docker::container_state> found) mutable {
                                         if (found ? found->running && found->status != "paused"
                                                   : found.error().code != ec::container_not_found)
                                           return;
                                         if (found) {
                                           death.frozen = found->running;
                                           death.exit_code = found->exit_code;
                                           death.out_of_memory = found->oom_killed;
                                         }
                                         caf::anon_send(me, std::move(death));
                                       });
}

std::string describe_death(const container_death& death, uint64_t memory_mb) {
  if (death.frozen)
    return "The runtime's container was paused.";
  if (death.exit_code < 0)
    return "The runtime's container is gone.";
  auto text = "Runtime exited with code " + std::to_string(death.exit_code);
  if (death.out_of_memory)
    text += memory_mb == 0 ? " (out of memory)"
                           : " (out of memory, its limit is " + std::to_string(memory_mb) + " MB)";
  return text + ".";
}

} // namespace opr
