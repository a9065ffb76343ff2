#pragma once

#include "actors/executor/build_log.hpp"
#include "actors/executor/container_plan.hpp"
#include "actors/executor/next_tick.hpp"
#include "actors/executor/protocol.hpp"
#include "actors/executor/services.hpp"
#include "actors/messages.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace opr {

/// What a runtime is started for.
struct runtime_order {
  runtime_request request;
  purpose why = purpose::execute;
  creation_ptr creation;    ///< With `purpose::create`: who gets the outcome.
  std::string container_id; ///< Of a container that is adopted as it runs; else empty, as is `ip_address`.
  std::string ip_address;
  container_facts container;
  image_keeper_actor images;
  std::shared_ptr<activity> doing;
  claim working; ///< Starting and building count as use.
};

/// A call whose connection broke: answered when it is clear why.
struct broken_call {
  execution_ptr call;
  failure why;
};

struct runtime_state {
  static constexpr const char* name = "runtime";

  services_ptr with;
  supervisor_actor supervisor;
  runtime_order order;

  std::shared_ptr<activity> doing;
  phase at = phase::pending;
  failure cause{ec::runtime_failed, {}}; ///< Handed to everybody who waited in vain.
  std::vector<execution_ptr> waiting;    ///< Parked until the port accepts.
  std::vector<broken_call> broken;
  std::vector<command_ptr> commands; ///< Parked until the container runs.
  std::vector<follow_ptr> followers; ///< Parked until the build runs.
  next_tick tick;

  claim working; ///< Until it is up.
  time_point begun{};
  bool image_pulled = false; ///< Once is enough: if it is missing again, the start has failed.
  std::string container_id;
  std::string ip_address;
  bool adopted = false;               ///< An earlier life of the executor has made it.
  runtime_link_ptr link;              ///< Set once the container runs.
  std::optional<time_point> ready_at; ///< The port has accepted at least once.
  std::shared_ptr<net::probe> probe;

  std::shared_ptr<docker::operation> build;
  std::shared_ptr<std::string> exec_output; ///< Of the build command, for generations without log files.
  std::shared_ptr<std::string>
      cache_warning; ///< Why the build's cache couldn't be restored; empty: it could.
  wall_clock::time_point build_started{};
  log_tail_actor log; ///< Set while somebody follows the build, or has.
  std::optional<build_end> ended;
  std::optional<container_death> death;
  failure left{ec::none, {}}; ///< What of it could not be removed.
  std::shared_ptr<created_runtime> made;
};

/// Owner of one runtime: makes it, forwards executions to it, removes it, and answers everybody on every way
/// out. Ends (normally) when nothing of the runtime is left, or what is left was given to the sweeper.
runtime_actor::behavior_type runtime(runtime_actor::stateful_pointer<runtime_state> self, services_ptr with,
                                     supervisor_actor supervisor, std::shared_ptr<runtime_order> order);

} // namespace opr
