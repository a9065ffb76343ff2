#include "actors/proxy/node.hpp"

#include "actors/proxy/health_report.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

namespace opr {

namespace {

using node_ptr = node_actor::stateful_pointer<node_state>;

using namespace std::chrono_literals;

constexpr auto first_pause = 100ms;
constexpr auto longest_pause = 2000ms;

/// A host with thousands of runtimes tells about each of them.
constexpr std::size_t largest_health = 4 * 1024 * 1024;

bool is_open(const node_state& state) { return state.pause != 0ms; }

void wake_at(node_ptr self, time_point at) {
  auto& state = self->state;
  state.next = at;
  self->delayed_send(self, std::max<clock::duration>(at - state.with->now(), 0ms), atom::tick_v);
}

void ask(node_ptr self) {
  auto& state = self->state;
  const auto& policy = state.with->policy;
  auto now = state.with->now();
  state.is_asking = true;
  net::outgoing request;
  request.target = "/v1/health";
  request.headers.push_back({"Accept", "application/json"});
  if (!policy.executor_secret.empty())
    request.headers.push_back({"Authorization", "Bearer " + policy.executor_secret});
  request.deadline = now + policy.health_timeout;
  request.connect_limit = std::min(policy.connect_timeout, policy.health_timeout);
  auto tell = [to = node_actor{self}, now](failure why, net::whole_response&& got) {
    caf::anon_send(to, health_answer{std::move(why), got.head.status, std::move(got.body), now});
  };
  state.link->server->send(std::move(request), net::collect(largest_health, std::move(tell)));
}

void report(node_ptr self, const char* type, const std::string& message) {
  const auto& link = *self->state.link;
  self->state.with->report({type, message, 0, {}, {}, {{"executor", link.name}}});
}

/// Nobody can connect to it: whatever it held is gone, and it is looked for until it is back.
void circuit_opened(node_ptr self, const failure& why) {
  auto& state = self->state;
  auto& link = *state.link;
  link.reachable = false;
  link.runtimes.clear();
  state.pause = first_pause;
  spdlog::warn("executor {} can't be connected to and gets no requests: {}", link.name, why.detail);
  report(self, "executor_unreachable", why.detail);
  state.with->store.publish(link.name, {});
}

void circuit_closed(node_ptr self) {
  auto& state = self->state;
  state.pause = 0ms;
  state.link->reachable = true;
  spdlog::info("executor {} can be connected to again", state.link->name);
}

/// What its health check says of an executor that could be connected to.
void take_health(node_ptr self, health_report&& shown, time_point asked) {
  auto& state = self->state;
  auto& link = *state.link;
  const bool is_first = !std::exchange(state.was_heard, true);
  if (!shown.trouble.empty() && (link.online.exchange(false) || is_first)) {
    spdlog::warn("executor {} is not healthy and gets no requests: it {}", link.name, shown.trouble);
    report(self, "health_failed", shown.trouble);
  }
  if (shown.trouble.empty() && !link.online.exchange(true))
    spdlog::info("executor {} is healthy", link.name);
  link.usage = shown.shown.usage;
  if (shown.lists_runtimes)
    link.runtimes.replace(shown.shown.runtimes, asked);
  shown.shown.runtimes = link.runtimes.all();
  state.with->store.publish(link.name, std::move(shown.shown));
}

health_report no_answer(const failure& why) {
  health_report report;
  report.trouble =
      why.code == ec::deadline_passed ? "doesn't answer in time" : "gives no answer: " + why.detail;
  return report;
}

/// When it is asked next: at the interval, or sooner as long as nobody can connect to it.
void plan_next(node_ptr self, time_point asked) {
  auto& state = self->state;
  const auto& policy = state.with->policy;
  auto now = state.with->now();
  if (is_open(state)) {
    wake_at(self, now + std::min(state.pause, policy.interval));
    state.pause = std::min<std::chrono::milliseconds>(state.pause * 2, longest_pause);
  } else if (policy.healthcheck) {
    wake_at(self, std::max(now, asked + policy.interval));
  }
}

void asked(node_ptr self, health_answer&& got) {
  auto& state = self->state;
  auto& link = *state.link;
  const bool was_open = is_open(state);
  state.is_asking = false;
  if (got.why.code == ec::connect_failed && !was_open)
    circuit_opened(self, got.why);
  if (got.why.code == ec::none && was_open)
    circuit_closed(self);
  if (state.with->policy.healthcheck && got.why.code != ec::connect_failed)
    take_health(self, got.why.code == ec::none ? read_health(got.status, got.body) : no_answer(got.why),
                got.asked);
  caf::anon_send(state.balancer, node_report{link.name, link.online && !is_open(state)});
  if (std::exchange(state.asks_again, false))
    return ask(self);
  // Where health checks don't say that it is offline, it stays suspect until it answers or can't be reached.
  const bool is_settled =
      state.with->policy.healthcheck || got.why.code == ec::none || got.why.code == ec::connect_failed;
  if (is_settled)
    link.suspect = false;
  else if (link.suspect && !is_open(state))
    return wake_at(self, state.with->now() + first_pause);
  plan_next(self, got.asked);
}

/// A request broke off.
void verify(node_ptr self) {
  auto& state = self->state;
  if (state.is_asking)
    state.asks_again = true;
  else
    ask(self);
}

/// A request couldn't connect; the first of many to do so is heard.
void broken(node_ptr self, const failure& why) {
  auto& state = self->state;
  if (is_open(state))
    return;
  circuit_opened(self, why);
  wake_at(self, state.with->now() + state.pause);
}

} // namespace

node_actor::behavior_type node(node_ptr self, proxy_services_ptr with, node_link_ptr link,
                               balancer_actor balancer) {
  auto& state = self->state;
  state.with = std::move(with);
  state.link = std::move(link);
  state.balancer = std::move(balancer);
  state.next = state.with->now();
  if (state.with->policy.healthcheck)
    self->send(self, atom::tick_v);
  return {
      [self](atom::tick) {
        if (!self->state.is_asking && self->state.with->now() >= self->state.next)
          ask(self);
      },
      [self](health_answer& got) { asked(self, std::move(got)); },
      [self](atom::broken, const failure& why) { broken(self, why); },
      [self](atom::verify) { verify(self); },
  };
}

} // namespace opr
