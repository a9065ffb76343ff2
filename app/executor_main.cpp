#include "actors/executor/dispatch.hpp"
#include "actors/executor/engine_watcher.hpp"
#include "actors/executor/image_keeper.hpp"
#include "actors/executor/services.hpp"
#include "actors/executor/supervisor.hpp"
#include "actors/executor/sweeper.hpp"
#include "actors/executor/usage.hpp"
#include "app/executor_policy.hpp"
#include "app/fault_reports.hpp"
#include "app/logins.hpp"
#include "app/name_claim.hpp"
#include "app/process.hpp"
#include "app/storages.hpp"
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
#include "storage/workers.hpp"

#include <caf/all.hpp>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <cstdlib>
#include <exception>
#include <functional>
#include <future>
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

http::server_options server_options_of(const config::executor_settings& settings) {
  http::server_options options;
  options.address = settings.address;
  options.port = settings.port;
  options.server_name = "Executor";
  options.max_connections = settings.max_connections;
  options.error_page = http::encode_front_end_error;
  return options;
}

reporting::origin origin_of(const config::executor_settings& settings) {
  return {"executor",
          settings.hostname,
          settings.version.empty() ? OPR_VERSION : settings.version,
          settings.development,
          {settings.secret, settings.docker_hub_password, app::password_of(settings.storage),
           app::password_of(settings.build_cache_storage)}};
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

/// What the actors work with; it outlives them.
struct outside {
  outside() : client(net::make_http_client(io)), folders(io) {}

  storage::workers files{file_threads};
  storage::workers answers{answer_threads};
  net::io_threads io{std::max(1U, std::thread::hardware_concurrency())};
  std::unique_ptr<net::http_client> client;
  std::unique_ptr<docker::engine> engine;
  app::storages stored;
  storage::folder_watch folders;
  registry runtimes;
};

services_ptr services_of(outside& parts, executor_policy policy, const config::executor_settings& settings,
                         report_fault report) {
  services_ptr with{
      new services{*parts.engine,
                   *parts.client,
                   *parts.stored.archives,
                   parts.runtimes,
                   runner_on(parts.files),
                   runner_on(parts.answers),
                   [&io = parts.io](const net::address& where, time_point deadline, then<done> found) {
                     return net::await_port(io, where, deadline, std::move(found));
                   },
                   [&folders = parts.folders](const std::string& folder, std::function<void()> on_change) {
                     return folders.watch(folder, std::move(on_change));
                   },
                   [] { return clock::now(); },
                   std::move(policy),
                   make_gate(settings.max_executions),
                   make_gate(settings.max_builds),
                   {},
                   {}}};
  with->report = std::move(report);
  with->build_caches = parts.stored.build_caches.get();
  return with;
}

/// The actors of the executor.
struct crew {
  crew(caf::actor_system& in, const services_ptr& with)
      : system(in), cleaner(in.spawn(sweeper, with)), images(in.spawn(image_keeper, with)),
        chief(in.spawn(supervisor, with, cleaner, images)),
        watcher(in.spawn(engine_watcher, with, chief, cleaner)),
        meter(in.spawn(usage, with, figures, kernel_files{})) {}

  void dismiss() const {
    caf::anon_send(watcher, atom::drain_v);
    caf::anon_send_exit(cleaner, caf::exit_reason::user_shutdown);
    caf::anon_send_exit(images, caf::exit_reason::user_shutdown);
    caf::anon_send_exit(meter, caf::exit_reason::user_shutdown);
    caf::anon_send_exit(chief, caf::exit_reason::user_shutdown);
    system.clock().cancel_all();
  }

  caf::actor_system& system;
  std::shared_ptr<usage_board> figures = std::make_shared<usage_board>();
  sweeper_actor cleaner;
  image_keeper_actor images;
  supervisor_actor chief;
  engine_watcher_actor watcher;
  usage_actor meter;
};

http::api_context api_context_of(const config::executor_settings& settings, const services_ptr& with,
                                 const crew& who, std::shared_ptr<work_gate> work) {
  return {settings.secret,
          settings.development,
          app::rules_of(settings),
          with->runtimes,
          who.chief,
          [with, chief = who.chief](execution_ptr call) { dispatch(with, chief, std::move(call)); },
          [with](command_ptr call) { dispatch(with, std::move(call)); },
          [chief = who.chief](follow_ptr call) { caf::anon_send(chief, atom::follow_v, std::move(call)); },
          [with, figures = who.figures] {
            auto read = figures->read(with->runtimes);
            read.refused = with->refused.figures();
            return read;
          },
          [with] { return with->engine_answers.load(); },
          with->run_short,
          with->report,
          std::move(work)};
}

/// Ends in good order. @returns Whether all runtimes are gone, or left on purpose.
bool wind_down(http::server& front, work_gate& work, const supervisor_actor& chief,
               std::chrono::milliseconds drain_timeout) {
  // Probes see that first: the door stays open for them, and no work comes through it any more.
  work.close();
  if (!work.await_empty(clock::now() + drain_timeout))
    spdlog::warn("executor ends with requests in flight");
  front.stop_accepting();
  auto removed = await(
      [&](then<done> end) {
        caf::anon_send(chief, atom::drain_v, std::make_shared<removal_call>("", std::move(end)));
      },
      removal_patience);
  front.drain(clock::now() + answer_patience);
  if (!removed)
    spdlog::error("executor couldn't remove all its runtimes: {}", removed.error().detail);
  return static_cast<bool>(removed);
}

/// Serves until a signal ends it. @returns The status to exit with.
int run_with(outside& parts, const services_ptr& with, const config::executor_settings& settings,
             const sigset_t& ends) {
  caf::actor_system_config actors_config;
  app::configure(actors_config);
  caf::actor_system actors{actors_config};
  const crew who{actors, with};
  // Also when the front end can't be started. Nothing calls back any more once this is done.
  app::at_exit end_all{[&] {
    who.dismiss();
    parts.io.stop();
    parts.files.stop();
    parts.answers.stop();
  }};
  make_ready(who.watcher);
  if (!settings.version.empty())
    http::tell_version(settings.version);
  auto work = std::make_shared<work_gate>();
  http::executor_api api{api_context_of(settings, with, who, work)};
  http::server front{
      server_options_of(settings),
      [&api](http::request&& in, http::responder out) { api.handle(std::move(in), std::move(out)); },
      parts.io};
  front.start();
  spdlog::info("executor {} {} listens on {}:{}", settings.hostname, OPR_VERSION, settings.address,
               front.port());

  spdlog::info("executor ends on {}", app::await_signal(ends));
  if (!wind_down(front, *work, who.chief, settings.drain_timeout)) {
    // Runtimes that hang in the Engine would hold the actor system for ever; the next life of this executor
    // removes them.
    spdlog::shutdown();
    std::_Exit(1);
  }
  spdlog::info("executor has ended");
  return 0;
}

int refuse_to_start(const failure& why, int status) {
  spdlog::critical("{}", why.detail);
  return status;
}

app::exit_status serve(const config::executor_settings& settings, const sigset_t& ends) {
  constexpr int bad_settings = 2;
  auto life = app::claim_name(settings.hostname, settings.data_dir);
  if (!life)
    return refuse_to_start(life.error(), 1);
  auto engine_address = docker::parse_docker_host(settings.docker_host);
  if (!engine_address)
    return refuse_to_start(engine_address.error(), bad_settings);
  auto logins = app::registry_logins(settings);
  if (!logins)
    return refuse_to_start(logins.error(), bad_settings);
  outside parts;
  auto report = app::start_fault_reports(parts.io, *parts.client, settings.logging_provider,
                                         settings.logging_config, origin_of(settings));
  if (!report)
    return refuse_to_start(report.error(), bad_settings);
  auto stored = app::open_storages(settings, *parts.client, parts.io, parts.files);
  if (!stored)
    return refuse_to_start(stored.error(), bad_settings);
  parts.engine = docker::make_http_engine(*parts.client, *engine_address);
  parts.stored = std::move(*stored);
  auto with = services_of(parts, app::policy_of(settings, std::move(*logins)), settings, *report);
  return run_with(parts, with, settings, ends);
}

} // namespace

int main(int argc, char** argv) {
  return opr::app::run(opr::app::executor_program, {argv + 1, argv + argc}, serve);
}
