#include "actors/executor/quarantine.hpp"
#include "actors/executor/runtime_steps.hpp"

#include <spdlog/spdlog.h>

#include <utility>

namespace opr {

namespace {

/// How long calls that were cut by the executor's end may take to come back for their answer.
constexpr std::chrono::milliseconds parting_limit{500};

/// Whether it ended before it ever listened, by no fault of others.
bool failed_to_start(const runtime_state& state) {
  if (state.ready_at || state.adopted || has_build(state.order.request, state.order.why))
    return false;
  auto died = state.death && !state.death->frozen && state.death->exit_code >= 0;
  return died || state.cause.code == ec::runtime_timeout;
}

} // namespace

void let_go(runtime_ptr self) {
  auto& state = self->state;
  spdlog::info("runtime {} is left to the executor's next life", state.order.request.runtime_id);
  state.working.release();
  if (state.probe)
    state.probe->cancel();
  if (state.link)
    state.link->server->close();
  report parted{event::parted, {}, {}, nullptr};
  if (state.doing->in_flight == 0)
    self->send(self, std::move(parted));
  else
    self->delayed_send(self, parting_limit, std::move(parted));
}

void leave(runtime_ptr self) {
  auto& state = self->state;
  const auto& request = state.order.request;
  if (failed_to_start(state))
    self->send(state.supervisor, atom::crashed_v, request.runtime_id, start_fingerprint(request),
               state.cause);
  if (auto creation = std::move(state.order.creation)) {
    if (state.made)
      creation->reply.give(std::move(*state.made));
    else
      creation->reply.give(state.cause);
  }
  for (auto& call : std::exchange(state.waiting, {})) {
    // Those who found a runtime that had served, or built, before were only unlucky: they get another one.
    call->give_up = time_point::max();
    if (state.ready_at || state.adopted || (state.made && state.ended))
      self->send(state.supervisor, atom::execute_v, std::move(call));
    else
      call->reply.give(state.cause);
  }
  for (auto& [call, why] : std::exchange(state.broken, {}))
    call->reply.give(state.cause);
  for (auto& call : std::exchange(state.commands, {}))
    call->reply.give({ec::command_failed, state.cause.detail});
  end_log(self);
  spdlog::debug("runtime {} is gone", request.runtime_id);
  if (state.left.code == ec::none)
    return self->quit();
  self->quit(caf::make_error(caf::sec::runtime_error, state.left.detail));
}

} // namespace opr
