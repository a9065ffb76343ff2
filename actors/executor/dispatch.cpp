#include "actors/executor/dispatch.hpp"

#include "actors/executor/forward.hpp"

namespace opr {

void dispatch(const services_ptr& with, const supervisor_actor& supervisor, execution_ptr call) {
  if (!place::enter(with->executions, call->admitted)) {
    call->reply.give(with->refused.count(bound::executions));
    return;
  }
  auto way = with->runtimes.find_route(call->request.runtime.runtime_id);
  if (!way)
    return caf::anon_send(supervisor, atom::execute_v, std::move(call));
  call->holds = std::move(way->holds);
  if (way->link)
    return forward(with, way->link, way->to, std::move(call));
  caf::anon_send(way->to, atom::execute_v, std::move(call));
}

void dispatch(const services_ptr& with, command_ptr call) {
  auto way = with->runtimes.find_route(call->request.runtime_id);
  if (!way) {
    call->reply.give({ec::runtime_not_found, {}});
    return;
  }
  call->deadline = with->now() + call->request.timeout;
  call->holds = std::move(way->holds);
  caf::anon_send(way->to, atom::command_v, std::move(call));
}

} // namespace opr
