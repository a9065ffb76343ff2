#include "actors/proxy/balancer.hpp"
#include "actors/proxy/memory_store.hpp"
#include "actors/proxy/routing.hpp"
#include "actors/proxy/services.hpp"
#include "app/cli.hpp"
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
#include <iostream>
#include <limits>
#include <thread>

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

int serve(const config::proxy_settings& settings) {
  auto ends = app::block_signals();
  app::raise_descriptor_limit();
  app::give_memory_back();

  net::io_threads io{std::max(1U, std::thread::hardware_concurrency())};
  auto client = net::make_http_client(io);
  memory_store store;
  proxy_services_ptr with{
      new proxy_services{*client,
                         store,
                         [](const fault&) {},
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
  // Also when the front end can't be started. Nothing calls back any more once this is done.
  app::at_exit end_all{[&] {
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

int run(const std::vector<std::string>& arguments) {
  auto prepared =
      app::prepare(app::proxy_program, arguments, config::environment::of_process(), std::cout, std::cerr);
  if (auto* status = std::get_if<app::exit_status>(&prepared))
    return *status;
  const auto& settings = std::get<config::proxy_settings>(prepared);
  app::set_up_log("proxy", settings.log_level);
  return serve(settings);
}

} // namespace

int main(int argc, char** argv) {
  try {
    return run({argv + 1, argv + argc});
  } catch (const std::exception& error) {
    spdlog::critical("proxy can't run: {}", error.what());
    return 1;
  }
}
