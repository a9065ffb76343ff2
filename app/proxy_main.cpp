#include "actors/proxy/balancer.hpp"
#include "actors/proxy/memory_store.hpp"
#include "actors/proxy/redis_store.hpp"
#include "actors/proxy/routing.hpp"
#include "actors/proxy/services.hpp"
#include "actors/proxy/view_relay.hpp"
#include "app/fault_reports.hpp"
#include "app/process.hpp"
#include "config/load.hpp"
#include "http/proxy/answers.hpp"
#include "http/proxy/proxy_api.hpp"
#include "http/server/server.hpp"
#include "net/http_client.hpp"
#include "net/io_threads.hpp"
#include "net/resolve.hpp"

#include <caf/all.hpp>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <future>
#include <limits>
#include <memory>
#include <thread>
#include <unistd.h>

namespace {

using namespace opr;
using namespace std::chrono_literals;

/// How long the start waits for names to be resolved and executors to tell how they are.
constexpr auto start_patience = 2s;

std::string bearer(const std::string& secret) { return secret.empty() ? "" : "Bearer " + secret; }

std::string version_of(const config::proxy_settings& settings) {
  return settings.version.empty() ? OPR_VERSION : settings.version;
}

proxy_policy policy_of(const config::proxy_settings& settings) {
  proxy_policy policy;
  for (const auto& executor : settings.executors)
    policy.executors.push_back(parse_server(executor));
  policy.executor_secret = settings.executor_secret;
  policy.healthcheck = settings.healthcheck;
  policy.interval = settings.healthcheck_interval;
  policy.health_timeout = settings.healthcheck_timeout;
  policy.connect_timeout = settings.connect_timeout;
  policy.call_when_well = parse_url(settings.healthcheck_url);
  return policy;
}

http::proxy_context_ptr context_of(const config::proxy_settings& settings, proxy_services_ptr with) {
  auto made = std::make_shared<http::proxy_context>();
  made->secret = settings.secret;
  made->authorization = bearer(settings.executor_secret);
  made->development = settings.development;
  made->version = version_of(settings);
  made->by = parse_algorithm(settings.algorithm).value_or(algorithm::random);
  made->max_timeout = settings.max_timeout;
  made->connect_timeout = settings.connect_timeout;
  made->with = std::move(with);
  return made;
}

http::server_options server_options_of(const config::proxy_settings& settings) {
  http::server_options options;
  options.address = settings.address;
  options.port = settings.port;
  options.max_connections = settings.max_connections;
  options.stream_bodies = true;
  options.max_body_bytes = std::numeric_limits<int64_t>::max(); // Executors have limits of their own.
  options.error_page = [version = version_of(settings)](int status, std::string_view why) {
    return http::proxy_error(status, why, version);
  };
  return options;
}

/// Waits until the balancer knows its executors, but not for long: those that are late come in later.
void await_executors(const balancer_actor& chief) {
  auto settled = std::make_shared<std::promise<void>>();
  auto end = settled->get_future();
  auto call = std::make_shared<answer<done>>([settled](const result<done>&) { settled->set_value(); },
                                             failure{ec::cancelled, "the proxy ends"});
  caf::anon_send(chief, atom::begin_v, std::move(call));
  end.wait_for(start_patience);
}

std::unique_ptr<state_store> make_store(state_dsn where, view_relay& others) {
  if (where.servers.empty())
    return std::make_unique<memory_store>();
  return make_redis_store(std::move(where),
                          [&others](executors_view_ptr view) { others.tell(std::move(view)); });
}

reporting::origin origin_of(const config::proxy_settings& settings) {
  char name[256] = {}; // The kernel's limit is 64.
  gethostname(name, sizeof name - 1);
  return {"proxy",
          name,
          version_of(settings),
          settings.development,
          {settings.secret, settings.executor_secret, app::password_of(settings.connections_state)}};
}

app::exit_status serve(const config::proxy_settings& settings, const sigset_t& ends) {
  net::io_threads io{std::max(1U, std::thread::hardware_concurrency())};
  auto client = net::make_http_client(io);
  auto shared = parse_state_dsn(settings.connections_state);
  auto report = app::start_fault_reports(io, *client, settings.logging_provider, settings.logging_config,
                                         origin_of(settings));
  if (!shared || !report) {
    spdlog::critical("{}", shared ? report.error().detail : "connections_state: " + shared.error().detail);
    return 2;
  }
  view_relay others;
  auto store = make_store(std::move(*shared), others);
  proxy_services_ptr with{
      new proxy_services{*client,
                         *store,
                         *report,
                         [&io](const std::string& host, then<std::vector<std::string>> found) {
                           net::resolve(io, host, std::move(found));
                         },
                         [] { return clock::now(); },
                         policy_of(settings),
                         {}}};
  caf::actor_system_config actors_config;
  app::configure(actors_config);
  caf::actor_system actors{actors_config};
  auto chief = actors.spawn(balancer, with);
  others.connect(chief);
  // Also when the front end can't be started. Nothing calls back any more once this is done.
  app::at_exit end_all{[&] {
    others.disconnect();
    caf::anon_send_exit(chief, caf::exit_reason::user_shutdown);
    with->executors.publish(std::make_shared<const fleet>());
    io.stop();
    actors.clock().cancel_all();
  }};
  await_executors(chief);

  auto context = context_of(settings, with);
  http::server front{server_options_of(settings),
                     [&context](http::request&& in, http::responder out) {
                       http::handle_proxied(context, std::move(in), std::move(out));
                     },
                     io};
  front.start();
  spdlog::info("proxy {} listens on {}:{}", OPR_VERSION, settings.address, front.port());

  spdlog::info("proxy ends on {}", app::await_signal(ends));
  front.stop_accepting();
  if (!front.drain(clock::now() + settings.drain_timeout))
    spdlog::warn("proxy ends with requests in flight");
  spdlog::info("proxy has ended");
  return 0;
}

} // namespace

int main(int argc, char** argv) {
  return opr::app::run(opr::app::proxy_program, {argv + 1, argv + argc}, serve);
}
