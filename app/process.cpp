#include "app/process.hpp"

#include <caf/all.hpp>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <cstring>
#include <exception>
#include <iostream>
#include <malloc.h>
#include <sys/resource.h>
#include <thread>

namespace opr::app {

namespace {

/// Lines on stderr, each with its time and level.
/// @param level As in the settings: trace, debug, info, warning, error.
void set_up_log(std::string_view program, const std::string& level) {
  auto log = spdlog::stderr_color_mt(std::string(program));
  log->set_pattern("%Y-%m-%dT%H:%M:%S.%e%z %l %v");
  log->set_level(spdlog::level::from_str(level));
  spdlog::set_default_logger(std::move(log));
}

/// Each request takes two descriptors; the soft limit that shells give is for other programs.
void raise_descriptor_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
    return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

/// Every thread must block them: called before the first is started.
sigset_t block_signals() {
  std::signal(SIGPIPE, SIG_IGN);
  sigset_t ends;
  sigemptyset(&ends);
  sigaddset(&ends, SIGINT);
  sigaddset(&ends, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &ends, nullptr);
  return ends;
}

/// Large bodies come from the system and go back to it. Left alone, the C library would keep memory of that
/// size after the first one.
void give_memory_back() {
  mallopt(M_MMAP_THRESHOLD, 1 << 20); // NOLINT(concurrency-mt-unsafe): before the first thread
}

template <class Settings>
exit_status run_or_throw(const program<Settings>& what, const std::vector<std::string>& arguments,
                         exit_status (*serve)(const Settings& settings, const sigset_t& ends)) {
  auto prepared = prepare(what, arguments, config::environment::of_process(), std::cout, std::cerr);
  if (auto* status = std::get_if<exit_status>(&prepared))
    return *status;
  const auto& settings = std::get<Settings>(prepared);
  set_up_log(what.name, settings.log_level);
  auto ends = block_signals();
  raise_descriptor_limit();
  give_memory_back();
  return serve(settings, ends);
}

} // namespace

template <class Settings>
exit_status run(const program<Settings>& what, const std::vector<std::string>& arguments,
                exit_status (*serve)(const Settings& settings, const sigset_t& ends)) {
  try {
    return run_or_throw(what, arguments, serve);
  } catch (const std::exception& error) {
    spdlog::critical("{} can't run: {}", what.name, error.what());
    return 1;
  }
}

template exit_status
run(const program<config::executor_settings>& what, const std::vector<std::string>& arguments,
    exit_status (*serve)(const config::executor_settings& settings, const sigset_t& ends));
template exit_status run(const program<config::proxy_settings>& what,
                         const std::vector<std::string>& arguments,
                         exit_status (*serve)(const config::proxy_settings& settings, const sigset_t& ends));

std::string await_signal(const sigset_t& ends) {
  int signal = 0;
  sigwait(&ends, &signal);
  const char* name = sigabbrev_np(signal);
  return name ? std::string("SIG") + name : "signal " + std::to_string(signal);
}

void configure(caf::actor_system_config& config) {
  // With few messages `stealing`, the default, burns a quarter of a core and wakes later.
  config.set("scheduler.policy", caf::atom("sharing"));
  config.set("scheduler.max-threads", std::max(1U, std::thread::hardware_concurrency()));
}

} // namespace opr::app
