#include "actors/executor/dispatch.hpp"
#include "actors/executor/engine_watcher.hpp"
#include "actors/executor/image_keeper.hpp"
#include "actors/executor/own_container.hpp"
#include "actors/executor/services.hpp"
#include "actors/executor/supervisor.hpp"
#include "actors/executor/sweeper.hpp"
#include "actors/executor/usage.hpp"
#include "app/cli.hpp"
#include "app/name_claim.hpp"
#include "app/process.hpp"
#include "config/load.hpp"
#include "core/generation.hpp"
#include "core/work_gate.hpp"
#include "docker/http_engine.hpp"
#include "http/api/answer/encode.hpp"
#include "http/api/executor_api.hpp"
#include "http/server/server.hpp"
#include "net/http_client.hpp"
#include "net/io_threads.hpp"
#include "net/port_probe.hpp"
#include "storage/folder_watch.hpp"
#include "storage/local.hpp"
#include "storage/workers.hpp"

#include <caf/all.hpp>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <functional>
#include <future>
#include <iostream>
#include <thread>

namespace {

using namespace opr;
using namespace std::chrono_literals;

/// How long the start waits for the Engine before it goes on without.
constexpr auto engine_patience = 15s;
constexpr auto removal_patience = 60s;
/// How long clients may take to read their last answers.
constexpr auto answer_patience = 2s;

/// For work that waits for the disk rather than for a processor.
constexpr unsigned file_threads = 4;
/// For what an execution waits for: its log files, large bodies. Apart, so that no copy holds it up.
constexpr unsigned answer_threads = 2;

pull_policy pulls_of(const std::string& word) {
  if (word == "always" || word == "enabled")
    return pull_policy::always;
  if (word == "disabled")
    return pull_policy::on_demand;
  return word == "never" ? pull_policy::never : pull_policy::missing;
}

std::vector<generation> generations_of(const std::vector<std::string>& names) {
  std::vector<generation> read;
  for (const auto& name : names)
    if (auto one = parse_generation(name))
      read.push_back(*one);
  std::sort(read.begin(), read.end());
  return read;
}

executor_policy policy_of(const config::executor_settings& settings) {
  executor_policy policy;
  policy.executor = settings.hostname;
  policy.data_dir = settings.data_dir;
  policy.networks = settings.networks;
  policy.inactive_threshold = settings.inactive_threshold;
  policy.maintenance_interval = settings.maintenance_interval;
  policy.retry_patience = settings.retry_attempts * settings.retry_delay;
  policy.memory_swap_mb = settings.memory_swap;
  policy.images = settings.images;
  policy.pulls = pulls_of(settings.image_pull);
  policy.docker_hub = {"https://index.docker.io/v1/", settings.docker_hub_username,
                       settings.docker_hub_password};
  policy.generations = generations_of(settings.runtime_versions);
  policy.keep_on_exit = settings.keep_on_exit;
  policy.own_container = own_container_id();
  auto processors = std::max(1U, std::thread::hardware_concurrency());
  // The Engine takes about ten at a time; fewer make the last of many later.
  policy.start_concurrency =
      settings.start_concurrency != 0 ? settings.start_concurrency : std::max(10U, 2 * processors);
  return policy;
}

http::request_rules rules_of(const config::executor_settings& settings) {
  return {generations_of(settings.runtime_versions), settings.cpus, settings.memory, settings.build_timeout,
          settings.max_timeout};
}

http::server_options server_options_of(const config::executor_settings& settings) {
  http::server_options options;
  options.address = settings.address;
  options.port = settings.port;
  options.server_name = "Executor";
  options.max_connections = settings.max_connections;
  options.error_page = http::encode_front_end_error;
  return options;
}

/// Runs an asynchronous operation to its end, or to the end of patience.
template <class F>
result<done> await(F begin, std::chrono::seconds patience) {
  auto outcome = std::make_shared<std::promise<result<done>>>();
  auto end = outcome->get_future();
  begin([outcome](result<done> one) { outcome->set_value(std::move(one)); });
  if (end.wait_for(patience) != std::future_status::ready)
    return {ec::deadline_passed, "took longer than " + std::to_string(patience.count()) + " s"};
  return end.get();
}

/// Runs jobs on a pool. One that throws (for lack of memory, say) takes nobody else down.
std::function<void(std::function<void()>)> runner_on(storage::workers& pool) {
  return [&pool](std::function<void()> job) {
    auto safe = [job = std::move(job)] {
      try {
        job();
      } catch (const std::exception& error) {
        spdlog::error("a worker's job failed: {}", error.what());
      }
    };
    if (!pool.run(safe))
      spdlog::debug("a worker's job is dropped: the executor ends");
  };
}

/// What an earlier life left running is in the table before the first request comes; what it left otherwise
/// is removed later.
void make_ready(const engine_watcher_actor& watcher) {
  auto looked = await(
      [&](then<done> end) {
        caf::anon_send(watcher, atom::begin_v, std::make_shared<removal_call>("", std::move(end)));
      },
      engine_patience);
  if (!looked)
    spdlog::error("executor doesn't know yet what an earlier life left: {}", looked.error().detail);
}

int serve(const config::executor_settings& settings) {
  auto ends = app::block_signals();
  app::raise_descriptor_limit();
  app::give_memory_back();

  auto life = app::claim_name(settings.hostname, settings.data_dir);
  if (!life) {
    spdlog::critical("{}", life.error().detail);
    return 1;
  }
  auto engine_address = docker::parse_docker_host(settings.docker_host);
  if (!engine_address) {
    std::fprintf(stderr, "%s\n", engine_address.error().detail.c_str());
    return 2;
  }
  storage::workers files{file_threads};
  storage::workers answers{answer_threads};
  net::io_threads io{std::max(1U, std::thread::hardware_concurrency())};
  auto client = net::make_http_client(io);
  auto engine = docker::make_http_engine(*client, *engine_address);
  auto device = storage::make_local_device(files);
  storage::folder_watch folders{io};
  registry runtimes;
  auto await_port = [&io](net::address where, time_point deadline, then<done> found) {
    return net::await_port(io, std::move(where), deadline, std::move(found));
  };
  services_ptr with{new services{*engine,
                                 *client,
                                 *device,
                                 runtimes,
                                 runner_on(files),
                                 runner_on(answers),
                                 await_port,
                                 [&folders](const std::string& folder, std::function<void()> on_change) {
                                   return folders.watch(folder, std::move(on_change));
                                 },
                                 [] { return clock::now(); },
                                 policy_of(settings),
                                 {},
                                 {}}};

  caf::actor_system_config actors_config;
  app::configure(actors_config);
  caf::actor_system actors{actors_config};
  auto cleaner = actors.spawn(sweeper, with);
  auto images = actors.spawn(image_keeper, with);
  auto chief = actors.spawn(supervisor, with, cleaner, images);
  auto watcher = actors.spawn(engine_watcher, with, chief, cleaner);
  auto figures = std::make_shared<usage_board>();
  auto meter = actors.spawn(usage, with, figures, kernel_files{});
  // Also when the front end can't be started. Nothing calls back any more once this is done.
  app::at_exit end_all{[&] {
    caf::anon_send(watcher, atom::drain_v);
    caf::anon_send_exit(cleaner, caf::exit_reason::user_shutdown);
    caf::anon_send_exit(images, caf::exit_reason::user_shutdown);
    caf::anon_send_exit(meter, caf::exit_reason::user_shutdown);
    caf::anon_send_exit(chief, caf::exit_reason::user_shutdown);
    actors.clock().cancel_all();
    io.stop();
    files.stop();
    answers.stop();
  }};

  make_ready(watcher);
  if (!settings.version.empty())
    http::tell_version(settings.version);
  auto work = std::make_shared<work_gate>();
  http::executor_api api{
      {settings.secret, settings.development, rules_of(settings), runtimes, chief,
       [with, chief](execution_ptr call) { dispatch(with, chief, std::move(call)); },
       [with](command_ptr call) { dispatch(with, std::move(call)); },
       [chief](follow_ptr call) { caf::anon_send(chief, atom::follow_v, std::move(call)); },
       [with, figures] { return figures->read(with->runtimes); },
       [with] { return with->engine_answers.load(); }, runner_on(answers), work}};
  http::server front{
      server_options_of(settings),
      [&api](http::request&& in, http::responder out) { api.handle(std::move(in), std::move(out)); }, io};
  front.start();
  spdlog::info("executor {} {} listens on {}:{}", settings.hostname, OPR_VERSION, settings.address,
               front.port());

  spdlog::info("executor ends on {}", app::await_signal(ends));
  // Probes see that first: the door stays open for them, and no work comes through it any more.
  work->close();
  if (!work->await_empty(clock::now() + settings.drain_timeout))
    spdlog::warn("executor ends with requests in flight");
  front.stop_accepting();
  auto removed = await(
      [&](then<done> end) {
        caf::anon_send(chief, atom::drain_v, std::make_shared<removal_call>("", std::move(end)));
      },
      removal_patience);
  front.drain(clock::now() + answer_patience);
  if (!removed) {
    // Runtimes that hang in the Engine would hold the actor system for ever; the next life of this executor
    // removes them.
    spdlog::error("executor couldn't remove all its runtimes: {}", removed.error().detail);
    spdlog::shutdown();
    std::_Exit(1);
  }
  spdlog::info("executor has ended");
  return 0;
}

} // namespace

int main(int argc, char** argv) {
  auto prepared = app::prepare(app::executor_program, {argv + 1, argv + argc},
                               config::environment::of_process(), std::cout, std::cerr);
  if (auto* status = std::get_if<app::exit_status>(&prepared))
    return *status;
  const auto& settings = std::get<config::executor_settings>(prepared);
  app::set_up_log("executor", settings.log_level);
  try {
    return serve(settings);
  } catch (const std::exception& error) {
    spdlog::critical("executor can't run: {}", error.what());
    return 1;
  }
}
