#pragma once

#include "actors/proxy/messages.hpp"
#include "actors/proxy/services.hpp"

namespace opr {

struct node_state {
  static constexpr const char* name = "node";

  proxy_services_ptr with;
  node_link_ptr link;
  balancer_actor balancer;
  bool is_asking = false;             ///< A health check is under way.
  bool asks_again = false;            ///< What is under way began before somebody wanted to know.
  bool was_heard = false;             ///< One health check has ended.
  time_point next;                    ///< When the next one is due.
  std::chrono::milliseconds pause{0}; ///< Before the next probe of a circuit that is open; 0: it is closed.
};

/// Keeps `link` up to date: asks the executor for its health at the interval and, once its circuit has
/// opened, sooner and then later and later until it answers. Without health checks it is asked only for that.
/// Tells the balancer of the end of each check, and the state store what it has shown.
node_actor::behavior_type node(node_actor::stateful_pointer<node_state> self, proxy_services_ptr with,
                               node_link_ptr link, balancer_actor balancer);

} // namespace opr
