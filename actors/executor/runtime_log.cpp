#include "actors/executor/log_tail.hpp"
#include "actors/executor/runtime_steps.hpp"

#include <utility>

namespace opr {

void follow_build(runtime_ptr self, follow_ptr call) {
  auto& state = self->state;
  const auto& order = state.order;
  // The first generation keeps no files that grow.
  auto is_silent = order.request.version == generation::v2 ||
                   (has_build(order.request, order.why) && !logs_to_files(order.request));
  if (is_silent || !accepts_executions(state.at)) {
    call->reply.give(done{});
    return;
  }
  if (state.log)
    return self->send(state.log, atom::follow_v, std::move(call));
  if (state.at == phase::building) {
    state.log = self->spawn(log_tail, state.with, order.container.folders.logging(), state.build_started);
    return self->send(state.log, atom::follow_v, std::move(call));
  }
  if (state.ended && state.made) {
    // The files lie there still.
    state.log = self->spawn(log_tail, state.with, order.container.folders.logging(), state.build_started);
    self->send(state.log, atom::follow_v, std::move(call));
    state.with->run_short([log = state.log, folder = order.container.folders.logging()] {
      caf::anon_send(log, atom::stop_v, log_piece{read_script_files(folder), false});
    });
    return;
  }
  state.followers.push_back(std::move(call));
}

void follow_on(runtime_ptr self) {
  for (auto& call : std::exchange(self->state.followers, {}))
    follow_build(self, std::move(call));
}

void end_log(runtime_ptr self) {
  auto& state = self->state;
  if (state.log)
    self->send(std::exchange(state.log, nullptr), atom::stop_v, log_piece{});
  for (auto& call : std::exchange(state.followers, {}))
    call->reply.give(done{});
}

} // namespace opr
