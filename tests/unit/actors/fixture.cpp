#include "fixture.hpp"

#include "actors/executor/dispatch.hpp"
#include "actors/executor/engine_watcher.hpp"
#include "actors/executor/image_keeper.hpp"
#include "actors/executor/networks.hpp"
#include "actors/executor/supervisor.hpp"
#include "actors/executor/sweeper.hpp"
#include "actors/executor/usage.hpp"

#include <caf/scheduler/test_coordinator.hpp>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace opr::test {

namespace {

std::string make_dir() {
  std::string pattern = std::filesystem::temp_directory_path() / "opr-test-XXXXXX";
  return mkdtemp(pattern.data());
}

template <class T>
then<T> keep(const awaited<T>& in) {
  return [in](result<T> end) { in->emplace(std::move(end)); };
}

template <class T>
awaited<T> nothing_yet() {
  return std::make_shared<std::optional<result<T>>>();
}

void now_and_here(const std::function<void()>& job) { job(); }

struct config : caf::actor_system_config {
  config() { set("scheduler.policy", caf::atom("testing")); }
};

} // namespace

struct executor_fixture::actors {
  explicit actors(services_ptr services) : with(std::move(services)) {}

  caf::scheduler::test_coordinator& scheduler() {
    return dynamic_cast<caf::scheduler::test_coordinator&>(system.scheduler());
  }

  config settings;
  caf::actor_system system{settings};
  services_ptr with;
  sweeper_actor cleaner = system.spawn(sweeper, with);
  image_keeper_actor images = system.spawn(image_keeper, with);
  supervisor_actor chief = system.spawn(supervisor, with, cleaner, images);
  engine_watcher_actor watcher;
  usage_actor meter;
  std::shared_ptr<usage_board> board = std::make_shared<usage_board>();
};

executor_fixture::executor_fixture(executor_policy policy, unsigned max_executions, unsigned max_builds)
    : data_dir(policy.data_dir.empty() ? make_dir() : policy.data_dir) {
  policy.executor = "exec";
  policy.data_dir = data_dir;
  if (policy.networks.empty())
    policy.networks = {"net"};
  policy.start_concurrency = 2;
  auto await_port = [this](net::address where, time_point deadline, then<done> found) {
    ports.push_back({std::move(where), deadline, std::move(found)});
    return std::shared_ptr<net::probe>{};
  };
  services_ptr with{new services{engine,
                                 http,
                                 storage,
                                 runtimes,
                                 now_and_here,
                                 now_and_here,
                                 await_port,
                                 [this](const std::string&, std::function<void()> on_change) {
                                   folder_changes = std::move(on_change);
                                   return std::make_shared<int>();
                                 },
                                 [this] { return now(); },
                                 std::move(policy),
                                 make_gate(max_executions),
                                 make_gate(max_builds),
                                 {},
                                 {}}};
  with->adopted = true;
  actors_ = std::make_unique<actors>(std::move(with));
  run();
}

/// Whoever still holds an actor lets go of it, else the system would wait for it for ever.
executor_fixture::~executor_fixture() {
  caf::anon_send_exit(actors_->chief, caf::exit_reason::kill);
  caf::anon_send_exit(actors_->cleaner, caf::exit_reason::kill);
  caf::anon_send_exit(actors_->images, caf::exit_reason::kill);
  if (actors_->meter)
    caf::anon_send_exit(actors_->meter, caf::exit_reason::kill);
  if (actors_->watcher)
    caf::anon_send(actors_->watcher, atom::drain_v);
  run();
  for (const auto& one : runtimes.list())
    runtimes.release(one.runtime_id);
  engine.creating.clear();
  engine.starting.clear();
  engine.inspecting.clear();
  engine.removing.clear();
  engine.executing.clear();
  engine.looking.clear();
  engine.pulling.clear();
  engine.removing_images.clear();
  engine.measuring.clear();
  engine.progress = nullptr;
  engine.events = {};
  storage.fetching.clear();
  storage.storing.clear();
  ports.clear();
  http.last->requests.clear();
  actors_->scheduler().clock().cancel_all();
  actors_->chief = nullptr;
  actors_->cleaner = nullptr;
  actors_->images = nullptr;
  actors_->watcher = nullptr;
  actors_->meter = nullptr;
  run();
  std::filesystem::remove_all(data_dir);
}

void executor_fixture::run() { actors_->scheduler().run(); }

time_point executor_fixture::now() { return actors_->scheduler().clock().now(); }

std::size_t executor_fixture::ticks_under_way() const {
  return actors_->scheduler().clock().schedule().size();
}

void executor_fixture::pass(clock::duration time) {
  actors_->scheduler().advance_time(time);
  run();
}

execution_request executor_fixture::warm_request(const std::string& id) {
  execution_request request;
  request.runtime.runtime_id = id;
  return request;
}

execution_request executor_fixture::cold_request(const std::string& id) {
  auto request = warm_request(id);
  request.runtime.image = "image:v5";
  request.runtime.source = "/storage/code.tar.gz";
  return request;
}

awaited<execution_result> executor_fixture::execute(execution_request request,
                                                    std::function<bool()> abandoned) {
  auto got = nothing_yet<execution_result>();
  auto call = std::make_shared<execution_call>(std::move(request), now(), keep(got));
  call->abandoned = std::move(abandoned);
  caf::anon_send(actors_->chief, atom::execute_v, std::move(call));
  run();
  return got;
}

awaited<execution_result> executor_fixture::dispatch(execution_request request,
                                                     std::shared_ptr<execution_sink> sink) {
  auto got = nothing_yet<execution_result>();
  auto call = std::make_shared<execution_call>(std::move(request), now(), keep(got));
  call->sink = std::move(sink);
  opr::dispatch(actors_->with, actors_->chief, std::move(call));
  return got;
}

awaited<std::string> executor_fixture::command(const std::string& id, const std::string& line,
                                               std::chrono::seconds timeout) {
  auto got = nothing_yet<std::string>();
  opr::dispatch(actors_->with, std::make_shared<command_call>(command_request{id, line, timeout}, keep(got)));
  run();
  return got;
}

awaited<done> executor_fixture::follow(const std::string& id, std::shared_ptr<log_sink> into,
                                       std::chrono::seconds timeout) {
  auto got = nothing_yet<done>();
  caf::anon_send(actors_->chief, atom::follow_v,
                 std::make_shared<follow_call>(id, now() + timeout, std::move(into), keep(got)));
  run();
  return got;
}

awaited<created_runtime> executor_fixture::start_build(runtime_request request) {
  request.image = "image:v5";
  request.command = "make";
  auto has_source = !request.source.empty();
  auto got = create(std::move(request));
  if (has_source)
    fetched();
  created();
  started();
  inspected();
  return got;
}

void executor_fixture::build_writes(const std::string& id, const std::string& log,
                                    const std::string& timings) {
  auto folder = data_dir + "/exec-" + id + "/logging/";
  std::ofstream{folder + "logs.txt", std::ios::app} << log;
  std::ofstream{folder + "timings.txt", std::ios::app} << timings;
  if (folder_changes)
    folder_changes();
  run();
}

awaited<created_runtime> executor_fixture::create(runtime_request request) {
  auto got = nothing_yet<created_runtime>();
  caf::anon_send(actors_->chief, atom::create_v,
                 std::make_shared<creation_call>(std::move(request), keep(got)));
  run();
  return got;
}

awaited<done> executor_fixture::remove(const std::string& id) {
  auto got = nothing_yet<done>();
  caf::anon_send(actors_->chief, atom::remove_v, std::make_shared<removal_call>(id, keep(got)));
  run();
  return got;
}

awaited<done> executor_fixture::drain() {
  auto got = nothing_yet<done>();
  caf::anon_send(actors_->chief, atom::drain_v, std::make_shared<removal_call>("", keep(got)));
  run();
  return got;
}

awaited<done> executor_fixture::sweep() {
  auto got = nothing_yet<done>();
  caf::anon_send(actors_->cleaner, atom::sweep_v, std::make_shared<removal_call>("", keep(got)));
  run();
  return got;
}

awaited<done> executor_fixture::want_image(const std::string& image) {
  auto got = nothing_yet<done>();
  caf::anon_send(actors_->images, atom::pull_v, std::make_shared<image_call>(image, keep(got)));
  run();
  return got;
}

awaited<done> executor_fixture::want_networks() {
  auto got = nothing_yet<done>();
  ensure_networks(actors_->with, now(), keep(got));
  return got;
}

void executor_fixture::measure(const std::string& kernel) {
  kernel_files files{kernel + "/proc", kernel + "/cgroup"};
  actors_->meter = actors_->system.spawn(usage, actors_->with, actors_->board, files);
  run();
}

usage_figures executor_fixture::usage_now() const { return actors_->board->read(runtimes); }

void executor_fixture::verify() {
  caf::anon_send(actors_->chief, atom::verify_v);
  run();
}

awaited<done> executor_fixture::watch() {
  actors_->watcher = actors_->system.spawn(engine_watcher, actors_->with, actors_->chief, actors_->cleaner);
  auto got = nothing_yet<done>();
  caf::anon_send(actors_->watcher, atom::begin_v, std::make_shared<removal_call>("", keep(got)));
  run();
  return got;
}

awaited<done> executor_fixture::start_next_life(ec engine_trouble) {
  actors_->with->adopted = false;
  auto got = watch();
  if (engine_trouble == ec::none)
    engine.events.on_open();
  else
    engine.events.on_end({engine_trouble, "as scripted"});
  run();
  return got;
}

bool executor_fixture::engine_answers() const { return actors_->with->engine_answers; }

void executor_fixture::inspected(bool running, int exit_code) {
  docker::container_state state;
  state.id = "c1";
  state.running = running;
  state.exit_code = exit_code;
  state.ip_addresses["net"] = "172.18.0.2";
  answer<docker::container_state>(engine.inspecting, state);
}

void executor_fixture::port_opens() {
  auto wait = std::move(ports.front());
  ports.pop_front();
  wait.found(done{});
  run();
}

void executor_fixture::dies(const std::string& id, int exit_code, bool out_of_memory,
                            const std::string& container) {
  caf::anon_send(actors_->chief, container_death{id, container, exit_code, out_of_memory, false});
  run();
}

void executor_fixture::launch() {
  fetched();
  created();
  started();
  inspected();
}

void executor_fixture::start_ready_runtime(const std::string& id) {
  execute(cold_request(id));
  launch();
  port_opens();
  http.last->requests.front().answer(200, {}, "first");
  http.last->requests.clear();
  run();
}

void executor_fixture::connection_fails(ec code) {
  auto oldest = std::move(http.last->requests.front());
  http.last->requests.pop_front();
  oldest.fail(code);
  run();
}

uint64_t executor_fixture::refused(bound by) const {
  return actors_->with->refused.figures()[static_cast<std::size_t>(by)].second;
}

std::size_t executor_fixture::count(const std::string& verb) const {
  auto is_one = [&verb](const std::string& call) { return call.compare(0, verb.size(), verb) == 0; };
  return static_cast<std::size_t>(std::count_if(engine.calls.begin(), engine.calls.end(), is_one));
}

bool executor_fixture::nothing_left() const {
  return std::filesystem::is_empty(data_dir) && runtimes.list().empty();
}

} // namespace opr::test
