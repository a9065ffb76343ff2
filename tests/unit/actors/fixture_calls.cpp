// What clients and the executor's own parts ask of its actors.

#include "actors/executor/dispatch.hpp"
#include "actors/executor/networks.hpp"
#include "fixture.hpp"
#include "fixture_actors.hpp"

namespace opr::test {

namespace {

template <class T>
then<T> keep(const awaited<T>& in) {
  return [in](result<T> end) { in->emplace(std::move(end)); };
}

template <class T>
awaited<T> nothing_yet() {
  return std::make_shared<std::optional<result<T>>>();
}

} // namespace

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

} // namespace opr::test
