#pragma once

#include "actors/messages.hpp"
#include "actors/proxy/view.hpp"
#include "core/calls.hpp"

#include <memory>
#include <string>
#include <vector>

// The messages and typed interfaces of the proxy; the atoms are those of the whole system.

namespace opr {

/// The end of a health check.
struct health_answer {
  failure why; ///< `ec::none`: there was an answer.
  int status = 0;
  std::string body;
  time_point asked;
};

/// What a node has found out; for the round of checks that it belongs to.
struct node_report {
  std::string name;
  bool is_well = false;
};

/// The end of the resolution of a name.
struct resolved_name {
  std::size_t index = 0; ///< Of the server in the settings.
  failure why;           ///< `ec::none`: it was found.
  std::vector<std::string> addresses;
};

/// Somebody who waits until the proxy knows its executors.
using ready_ptr = std::shared_ptr<answer<done>>;

} // namespace opr

CAF_BEGIN_TYPE_ID_BLOCK(opr_proxy, caf::id_block::opr::end)
  CAF_ADD_TYPE_ID(opr_proxy, (opr::health_answer))
  CAF_ADD_TYPE_ID(opr_proxy, (opr::node_report))
  CAF_ADD_TYPE_ID(opr_proxy, (opr::resolved_name))
  CAF_ADD_TYPE_ID(opr_proxy, (opr::ready_ptr))
  CAF_ADD_TYPE_ID(opr_proxy, (opr::executors_view_ptr))
CAF_END_TYPE_ID_BLOCK(opr_proxy)

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(opr::health_answer)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(opr::node_report)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(opr::resolved_name)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(opr::ready_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(opr::executors_view_ptr)

namespace opr {

/// The NODE actor: one per executor, owner of its health and its circuit.
using node_actor = caf::typed_actor<
    // It may be time to ask for its health; from itself.
    caf::reacts_to<atom::tick>,
    // A health check has ended.
    caf::reacts_to<health_answer>,
    // A request couldn't connect to it; from the request.
    caf::reacts_to<atom::broken, failure>,
    // A request broke off: is it still there? From the request.
    caf::reacts_to<atom::verify>>;

/// The BALANCER actor: owner of the fleet.
using balancer_actor = caf::typed_actor<
    // It is time to resolve names; from itself.
    caf::reacts_to<atom::tick>,
    // A name was resolved, or couldn't be.
    caf::reacts_to<resolved_name>,
    // A node has found out how it is; from the node.
    caf::reacts_to<node_report>,
    // What other proxies know was read anew; from the state store.
    caf::reacts_to<executors_view_ptr>,
    // Tells somebody when all names were resolved and all nodes asked once.
    caf::reacts_to<atom::begin, ready_ptr>>;

} // namespace opr
