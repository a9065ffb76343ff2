#include "actors/executor/dispatch.hpp"
#include "actors/executor/image_keeper.hpp"
#include "actors/executor/services.hpp"
#include "actors/executor/supervisor.hpp"
#include "actors/executor/sweeper.hpp"
#include "world.hpp"

#include <caf/scheduler/test_coordinator.hpp>
#include <catch2/catch.hpp>

#include <array>
#include <cstdlib>
#include <filesystem>

using namespace opr;
using namespace opr::test;
using namespace std::chrono_literals;

namespace {

constexpr unsigned start_concurrency = 2;
constexpr std::array<const char*, 4> ids{"a", "b", "c", "d"};

struct testing_config : caf::actor_system_config {
  testing_config() { set("scheduler.policy", caf::atom("testing")); }
};

struct temporary_folder {
  temporary_folder() {
    std::string pattern = std::filesystem::temp_directory_path() / "opr-test-XXXXXX";
    path = mkdtemp(pattern.data());
  }
  ~temporary_folder() { std::filesystem::remove_all(path); }
  std::string path;
};

/// What was promised to callers, and how often it was kept.
struct promises {
  template <class T>
  then<T> next(std::string what) {
    auto number = made.size();
    made.emplace_back(std::move(what), 0U);
    return [this, number](const result<T>&) { ++made[number].second; };
  }
  std::vector<std::pair<std::string, unsigned>> made;
};

/// Supervisor, runtimes and sweeper in a world that goes wrong at random: everything that follows from one
/// seed, always in the same way.
class walk {
public:
  explicit walk(uint64_t seed) : outside_(seed), seed_(seed) {
    outside_.now = [this] { return scheduler().clock().now(); };
    outside_.is_routed = [this](const std::string& id) { return runtimes_.find(id).has_value(); };
  }

  ~walk() {
    outside_.pending.clear();
    caf::anon_send_exit(chief_, caf::exit_reason::kill);
    caf::anon_send_exit(cleaner_, caf::exit_reason::kill);
    caf::anon_send_exit(images_, caf::exit_reason::kill);
    scheduler().run();
    for (const auto& id : runtimes_.ids())
      runtimes_.release(id);
    scheduler().clock().cancel_all();
    chief_ = nullptr;
    cleaner_ = nullptr;
    images_ = nullptr;
    scheduler().run();
  }
  walk(const walk&) = delete;
  walk& operator=(const walk&) = delete;

  void take_steps(unsigned count) {
    for (unsigned i = 0; i < count && outside_.faults.empty(); ++i) {
      take_step();
      check();
    }
  }

  /// From now on all goes well, and nobody asks for anything: everything has to come to rest.
  void come_to_rest() {
    outside_.is_calm = true;
    for (int i = 0; i < 400; ++i) {
      while (!outside_.pending.empty()) {
        outside_.end(outside_.below(outside_.pending.size()), true);
        scheduler().run();
      }
      pass(5s);
    }
    for (const auto& [what, times] : given_.made)
      if (times != 1)
        fault(what + " was answered " + std::to_string(times) + " times");
    for (const auto& [id, one] : outside_.containers)
      fault("the container of " + one.runtime_id + " is left");
    for (const auto& id : runtimes_.ids())
      fault("the runtime " + id + " is left");
    if (!std::filesystem::is_empty(folder_.path))
      fault("folders are left");
  }

  std::string faults() const {
    std::string all;
    for (const auto& one : outside_.faults)
      all += "seed " + std::to_string(seed_) + ": " + one + "\n";
    return all;
  }

private:
  caf::scheduler::test_coordinator& scheduler() {
    return dynamic_cast<caf::scheduler::test_coordinator&>(system_.scheduler());
  }

  void fault(std::string what) { outside_.faults.push_back(std::move(what)); }

  services_ptr make_services() {
    executor_policy policy;
    policy.executor = "exec";
    policy.data_dir = folder_.path;
    policy.networks = {"net"};
    policy.start_concurrency = start_concurrency;
    policy.maintenance_interval = 100s;
    policy.limits = {seed_ % 3 == 0 ? 2U : 0U, 0};
    auto run_later = [this](std::function<void()> job) {
      outside_.add({"job", time_point::max(), [job = std::move(job)](bool) { job(); }});
    };
    auto await_port = [this](net::address where, time_point until, then<done> found) {
      return outside_.await_port(where, until, std::move(found));
    };
    auto watch = [](const std::string&, const std::function<void()>&) { return std::make_shared<int>(); };
    services_ptr made{new services{outside_,
                                   outside_,
                                   outside_,
                                   runtimes_,
                                   run_later,
                                   run_later,
                                   await_port,
                                   watch,
                                   [this] { return scheduler().clock().now(); },
                                   std::move(policy),
                                   {},
                                   {},
                                   {},
                                   {}}};
    made->adopted = true;
    return made;
  }

  void take_step() {
    switch (outside_.below(16)) {
    case 0:
    case 1:
      execute(true);
      break;
    case 2:
      execute(false);
      break;
    case 3:
      create();
      break;
    case 4:
      if (outside_.one_in(2))
        remove();
      break;
    case 5:
      kill();
      break;
    case 6:
      pass(std::chrono::milliseconds(outside_.below(outside_.one_in(5) ? 70000 : 3000)));
      break;
    case 7:
      if (outside_.one_in(8))
        caf::anon_send(chief_, atom::verify_v);
      break;
    default:
      if (!outside_.pending.empty())
        outside_.end(outside_.below(outside_.pending.size()), !outside_.one_in(8));
    }
    deliver(outside_.below(8));
  }

  /// Lets some actors have their turn, any of those that have mail.
  void deliver(std::size_t turns) {
    auto& jobs = scheduler().jobs;
    for (; turns > 0 && !jobs.empty(); --turns) {
      std::swap(jobs.front(), jobs[outside_.below(jobs.size())]);
      scheduler().run_once();
    }
  }

  void pass(clock::duration time) {
    scheduler().run();
    scheduler().advance_time(time);
    outside_.end_late();
    scheduler().run();
  }

  std::string any_id() { return ids[outside_.below(ids.size())]; }

  void execute(bool cold) {
    execution_request request;
    request.runtime.runtime_id = any_id();
    if (cold) {
      request.runtime.image = "image:v5";
      request.runtime.source = "/storage/code.tar.gz";
      request.runtime.concurrency = static_cast<unsigned>(outside_.below(3));
    }
    auto what = "an execution of " + request.runtime.runtime_id;
    dispatch(with_, chief_,
             std::make_shared<execution_call>(std::move(request), with_->now(),
                                              given_.next<execution_result>(std::move(what))));
  }

  void create() {
    runtime_request request;
    request.runtime_id = any_id();
    request.image = "image:v5";
    request.command = outside_.one_in(2) ? "make" : "";
    request.destination = outside_.one_in(2) ? "/storage" : "";
    request.remove_when_done = outside_.one_in(2);
    if (request.remove_when_done)
      outside_.unwanted.insert(request.runtime_id);
    auto what = "the creation of " + request.runtime_id;
    caf::anon_send(
        chief_, atom::create_v,
        std::make_shared<creation_call>(std::move(request), given_.next<created_runtime>(std::move(what))));
  }

  void remove() {
    auto id = any_id();
    outside_.unwanted.insert(id);
    caf::anon_send(chief_, atom::remove_v,
                   std::make_shared<removal_call>(id, given_.next<done>("the removal of " + id)));
  }

  /// A container dies; the news of it comes later, or never.
  void kill() {
    std::vector<model_container*> running;
    for (auto& [id, one] : outside_.containers)
      if (one.running)
        running.push_back(&one);
    if (running.empty())
      return;
    auto& victim = *running[outside_.below(running.size())];
    victim.running = false;
    if (outside_.one_in(4))
      return;
    outside_.add({"event", time_point::max(), [this, id = victim.id, runtime = victim.runtime_id](bool) {
                    caf::anon_send(chief_, container_death{runtime, id, 137, false});
                  }});
  }

  void check() {
    if (outside_.most_starting > start_concurrency)
      fault("more containers than allowed were started at once");
    for (const auto& [what, times] : given_.made)
      if (times > 1)
        fault(what + " was answered twice");
    auto most = with_->policy.limits.runtimes;
    if (most != 0 && runtimes_.ids().size() > most)
      fault("there are more runtimes than allowed");
  }

  temporary_folder folder_;
  world outside_;
  const uint64_t seed_;
  registry runtimes_;
  promises given_;
  testing_config settings_;
  caf::actor_system system_{settings_};
  services_ptr with_ = make_services();
  sweeper_actor cleaner_ = system_.spawn(sweeper, with_);
  image_keeper_actor images_ = system_.spawn(image_keeper, with_);
  supervisor_actor chief_ = system_.spawn(supervisor, with_, cleaner_, images_);
};

unsigned number(const char* variable, unsigned usual) {
  const auto* text = std::getenv(variable);
  return text == nullptr ? usual : static_cast<unsigned>(std::stoul(text));
}

} // namespace

TEST_CASE("whatever fails in whatever order, everybody is answered once and nothing is left", "[walk]") {
  const auto first = number("OPR_WALK_FIRST_SEED", 1);
  const auto count = number("OPR_WALK_SEEDS", 1000);
  for (unsigned seed = first; seed < first + count; ++seed) {
    walk one(seed);
    one.take_steps(120);
    if (one.faults().empty())
      one.come_to_rest();
    INFO(one.faults());
    REQUIRE(one.faults().empty());
  }
}
