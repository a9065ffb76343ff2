#include "tests/unit/actors/proxy/fixture.hpp"

#include "actors/proxy/balancer.hpp"

#include <caf/scheduler/test_coordinator.hpp>

#include <stdexcept>
#include <utility>

namespace opr::test {

namespace {

struct config : caf::actor_system_config {
  config() { set("scheduler.policy", caf::atom("testing")); }
};

} // namespace

struct proxy_fixture::actors {
  caf::scheduler::test_coordinator& scheduler() {
    return dynamic_cast<caf::scheduler::test_coordinator&>(system.scheduler());
  }

  config settings;
  caf::actor_system system{settings};
  balancer_actor chief;
};

proxy_fixture::proxy_fixture() : actors_(std::make_unique<actors>()) { policy.executor_secret = "executors"; }

proxy_fixture::~proxy_fixture() {
  // Whoever still holds an actor lets go of it, else the system would wait for it for ever.
  if (services_)
    services_->executors.publish(std::make_shared<const fleet>());
  caf::anon_send_exit(actors_->chief, caf::exit_reason::kill);
  run();
  actors_->chief = nullptr;
  http.by_address.clear();
  questions.clear();
  run();
  actors_->system.clock().cancel_all();
}

void proxy_fixture::start(const std::vector<std::string>& executors) {
  for (const auto& one : executors)
    policy.executors.push_back(parse_server(one));
  services_.reset(new proxy_services{http,
                                     store,
                                     [this](fault what) { faults.push_back(std::move(what)); },
                                     [this](const std::string& host, then<std::vector<std::string>> found) {
                                       questions.push_back({host, std::move(found)});
                                     },
                                     [this] { return now(); },
                                     policy,
                                     {}});
  actors_->chief = actors_->system.spawn(balancer, services_);
  run();
}

void proxy_fixture::run() { actors_->scheduler().run(); }

void proxy_fixture::pass(clock::duration time) {
  actors_->scheduler().advance_time(time);
  run();
}

time_point proxy_fixture::now() const { return actors_->scheduler().clock().now(); }

std::vector<std::string> proxy_fixture::names() const {
  std::vector<std::string> found;
  for (const auto& one : *executors())
    found.push_back(one.link->name);
  return found;
}

const fleet_member& proxy_fixture::member(const std::string& name) const {
  auto all = executors();
  for (const auto& one : *all)
    if (one.link->name == name)
      return one;
  throw std::logic_error("there is no executor " + name);
}

const node_link& proxy_fixture::link(const std::string& name) const { return *member(name).link; }

std::size_t proxy_fixture::asked(const std::string& address) const {
  auto found = http.by_address.find(address);
  return found == http.by_address.end() ? 0 : found->second->requests.size();
}

scripted_upstream::sent proxy_fixture::take(const std::string& address) {
  if (asked(address) == 0)
    throw std::logic_error("nobody was asked at " + address);
  auto& requests = http.by_address[address]->requests;
  auto one = std::move(requests.front());
  requests.pop_front();
  return one;
}

void proxy_fixture::answer(const std::string& address, int status, const std::string& body) {
  take(address).answer(status, {}, body);
  run();
}

void proxy_fixture::fail(const std::string& address, ec code) {
  take(address).fail(code);
  run();
}

void proxy_fixture::resolved(const std::vector<std::string>& addresses) {
  auto one = std::move(questions.front());
  questions.pop_front();
  one.found(addresses);
  run();
}

void proxy_fixture::not_resolved() {
  auto one = std::move(questions.front());
  questions.pop_front();
  one.found({ec::connect_failed, "no such name"});
  run();
}

void proxy_fixture::share(executors_view view) {
  caf::anon_send(actors_->chief, executors_view_ptr{std::make_shared<executors_view>(std::move(view))});
  run();
}

std::shared_ptr<bool> proxy_fixture::await_ready() {
  auto told = std::make_shared<bool>(false);
  caf::anon_send(actors_->chief, atom::begin_v,
                 std::make_shared<opr::answer<done>>([told](const result<done>& end) { *told = bool(end); },
                                                     failure{ec::cancelled, {}}));
  run();
  return told;
}

} // namespace opr::test
