#pragma once

#include "actors/proxy/messages.hpp"
#include "actors/proxy/services.hpp"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace opr {

/// An executor with its actor.
struct balanced_node {
  std::string address; ///< IP address.
  node_link_ptr link;
  node_actor actor;
};

/// A server of the settings, and the executors that it stands for.
struct balanced_server {
  server_name server;
  bool is_resolved = false; ///< Its name was resolved once, or couldn't be.
  bool has_several = false; ///< Its name had several addresses once; then each is called by itself.
  std::vector<balanced_node> nodes;
};

struct balancer_state {
  static constexpr const char* name = "balancer";

  balancer_state() = default;
  balancer_state(const balancer_state&) = delete;
  balancer_state& operator=(const balancer_state&) = delete;
  ~balancer_state(); ///< With the balancer, its nodes end.

  proxy_services_ptr with;
  std::vector<balanced_server> servers;
  executors_view_ptr shared;               ///< What other proxies know; nullptr: nothing so far.
  std::set<std::string> unheard;           ///< Nodes that have not reported in this round of health checks.
  bool round_is_well = true;               ///< All that have were well.
  bool has_round = false;                  ///< One round has ended.
  std::vector<ready_ptr> waiting;          ///< For the first round.
  std::shared_ptr<net::upstream> well_url; ///< Called when a round was well; may be nullptr.
};

/// Owner of the fleet: one node for each executor, found anew in the background where the settings name it by
/// a name; publishes it for requests to read.
balancer_actor::behavior_type balancer(balancer_actor::stateful_pointer<balancer_state> self,
                                       proxy_services_ptr with);

} // namespace opr
