#include "actors/proxy/balancer.hpp"

#include "actors/proxy/node.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

namespace opr {

namespace {

using balancer_ptr = balancer_actor::stateful_pointer<balancer_state>;

using namespace std::chrono_literals;

constexpr auto call_limit = 10s;
constexpr std::size_t largest_reply = 64 * 1024;

bool is_settled(const balancer_state& state) {
  auto resolved = [](const balanced_server& one) { return one.is_resolved; };
  return std::all_of(state.servers.begin(), state.servers.end(), resolved) &&
         (state.has_round || !state.with->policy.healthcheck || state.unheard.empty());
}

void tell_ready(balancer_state& state) {
  if (!is_settled(state))
    return;
  for (const auto& one : std::exchange(state.waiting, {}))
    one->give(done{});
}

/// What other proxies know of an executor; nullptr if nothing.
std::shared_ptr<const executor_view> theirs(const balancer_state& state, const std::string& name) {
  if (!state.shared)
    return nullptr;
  auto found = state.shared->find(name);
  return found == state.shared->end() ? nullptr
                                      : std::shared_ptr<const executor_view>(state.shared, &found->second);
}

/// Gives a node what other proxies know: which runtimes they have sent there and, where nobody is asked for
/// his health, whether they could.
void take_shared(const balancer_state& state, node_link& link) {
  auto known = theirs(state, link.name);
  if (known && !state.with->policy.healthcheck)
    link.online = known->online;
  link.runtimes.share(std::move(known));
}

balanced_node start_node(balancer_ptr self, std::string name, const std::string& address, uint16_t port) {
  auto& state = self->state;
  auto server = state.with->http.open({{}, address, port});
  auto link =
      std::make_shared<node_link>(std::move(name), std::move(server), !state.with->policy.healthcheck);
  take_shared(state, *link);
  if (state.with->policy.healthcheck)
    state.unheard.insert(link->name);
  auto actor = self->spawn(node, state.with, link, balancer_actor{self});
  return {address, std::move(link), std::move(actor)};
}

/// Its actor ends; requests on their way there go on.
void stop_node(balancer_state& state, const balanced_node& gone, bool name_stays) {
  caf::anon_send_exit(gone.actor, caf::exit_reason::user_shutdown);
  if (name_stays)
    return;
  state.unheard.erase(gone.link->name);
  state.with->store.withdraw(gone.link->name);
}

void publish(balancer_state& state) {
  auto next = std::make_shared<fleet>();
  for (const auto& server : state.servers)
    for (const auto& one : server.nodes)
      next->push_back({one.link,
                       [to = one.actor](failure why) { caf::anon_send(to, atom::broken_v, std::move(why)); },
                       [to = one.actor] { caf::anon_send(to, atom::verify_v); }});
  state.with->executors.publish(std::move(next));
}

void call_when_well(balancer_state& state) {
  if (!state.well_url)
    return;
  net::outgoing request;
  request.target = state.with->policy.call_when_well->path;
  request.deadline = state.with->now() + call_limit;
  auto tell = [](failure why, net::whole_response&& got) {
    if (why.code != ec::none)
      spdlog::warn("the URL to be called when all is well can't be: {}", why.detail);
    else if (got.head.status >= 400)
      spdlog::warn("the URL to be called when all is well answers {}", got.head.status);
  };
  state.well_url->send(std::move(request), net::collect(largest_reply, tell));
}

void begin_round(balancer_state& state) {
  for (const auto& server : state.servers)
    for (const auto& one : server.nodes)
      state.unheard.insert(one.link->name);
}

/// A round ends with the report of the last of all nodes, or when that one goes.
void end_round(balancer_state& state) {
  if (!state.unheard.empty())
    return;
  state.has_round = true;
  const bool is_well = std::exchange(state.round_is_well, true);
  begin_round(state);
  if (is_well && !state.unheard.empty())
    call_when_well(state);
  tell_ready(state);
}

void reported(balancer_ptr self, const node_report& what) {
  auto& state = self->state;
  if (!state.with->policy.healthcheck || state.unheard.erase(what.name) == 0)
    return;
  state.round_is_well &= what.is_well;
  end_round(state);
}

/// The executors that a server stands for now: one by its own name, or several by their addresses.
void renew(balancer_ptr self, balanced_server& server, const std::vector<std::string>& addresses) {
  server.has_several |= addresses.size() > 1;
  auto old = std::exchange(server.nodes, {});
  for (const auto& address : addresses) {
    auto name = server.has_several ? name_of(address, server.server.port) : server.server.text;
    auto same = std::find_if(old.begin(), old.end(), [&](const balanced_node& one) {
      return one.address == address && one.link->name == name;
    });
    if (same == old.end()) {
      server.nodes.push_back(start_node(self, std::move(name), address, server.server.port));
      continue;
    }
    server.nodes.push_back(std::move(*same));
    old.erase(same);
  }
  publish(self->state);
  for (const auto& gone : old) {
    bool name_stays = std::any_of(server.nodes.begin(), server.nodes.end(), [&](const balanced_node& one) {
      return one.link->name == gone.link->name;
    });
    stop_node(self->state, gone, name_stays);
  }
  if (!old.empty() && self->state.with->policy.healthcheck)
    end_round(self->state);
}

void resolve_all(balancer_ptr self) {
  auto& state = self->state;
  for (std::size_t i = 0; i < state.servers.size(); ++i) {
    const auto& server = state.servers[i].server;
    if (server.is_address())
      continue;
    state.with->resolve(server.host, [to = balancer_actor{self}, i](result<std::vector<std::string>> found) {
      caf::anon_send(to, found ? resolved_name{i, {ec::none, {}}, std::move(*found)}
                               : resolved_name{i, std::move(found.error()), {}});
    });
  }
}

bool has_names(const balancer_state& state) {
  return std::any_of(state.servers.begin(), state.servers.end(),
                     [](const balanced_server& one) { return !one.server.is_address(); });
}

void resolved(balancer_ptr self, resolved_name&& what) {
  auto& state = self->state;
  auto& server = state.servers[what.index];
  const bool is_first = !std::exchange(server.is_resolved, true);
  if (what.why.code != ec::none) {
    spdlog::log(is_first ? spdlog::level::warn : spdlog::level::debug, "executor {} can't be found: {}",
                server.server.text, what.why.detail);
    return tell_ready(state);
  }
  auto addresses = distinct_servers(std::move(what.addresses));
  std::vector<std::string> known;
  for (const auto& one : server.nodes)
    known.push_back(one.address);
  if (addresses != known) {
    spdlog::info("executor {} has {} address{}", server.server.text, addresses.size(),
                 addresses.size() == 1 ? "" : "es");
    renew(self, server, addresses);
  }
  tell_ready(state);
}

void set_up(balancer_ptr self, proxy_services_ptr with) {
  auto& state = self->state;
  state.with = std::move(with);
  const auto& policy = state.with->policy;
  for (const auto& server : policy.executors)
    state.servers.push_back({server, server.is_address(), false, {}});
  if (const auto& url = policy.call_when_well)
    state.well_url = state.with->http.open({{}, url->server.host, url->server.port, url->tls});
  for (auto& server : state.servers)
    if (server.is_resolved)
      renew(self, server, {server.server.host});
  self->send(self, atom::tick_v);
}

} // namespace

balancer_state::~balancer_state() {
  for (const auto& server : servers)
    for (const auto& one : server.nodes)
      caf::anon_send_exit(one.actor, caf::exit_reason::user_shutdown);
}

balancer_actor::behavior_type balancer(balancer_ptr self, proxy_services_ptr with) {
  set_up(self, std::move(with));
  return {
      [self](atom::tick) {
        resolve_all(self);
        if (has_names(self->state))
          self->delayed_send(self, self->state.with->policy.interval, atom::tick_v);
      },
      [self](resolved_name& what) { resolved(self, std::move(what)); },
      [self](const node_report& what) { reported(self, what); },
      [self](const executors_view_ptr& theirs) {
        self->state.shared = theirs;
        for (const auto& server : self->state.servers)
          for (const auto& one : server.nodes)
            take_shared(self->state, *one.link);
      },
      [self](atom::begin, const ready_ptr& who) {
        self->state.waiting.push_back(who);
        tell_ready(self->state);
      },
  };
}

} // namespace opr
