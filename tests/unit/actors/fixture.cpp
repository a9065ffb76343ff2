#include "fixture.hpp"

#include "fixture_actors.hpp"

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

void now_and_here(const std::function<void()>& job) { job(); }

} // namespace

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
  execution_request request;
  request.runtime = plain_runtime(id);
  return request;
}

runtime_request executor_fixture::plain_runtime(const std::string& id) {
  runtime_request request;
  request.runtime_id = id;
  request.image = "image:v5";
  request.source = "/storage/code.tar.gz";
  return request;
}

runtime_request executor_fixture::build_request(const std::string& id) {
  auto request = plain_runtime(id);
  request.command = "make";
  request.destination = "/storage/builds";
  return request;
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
