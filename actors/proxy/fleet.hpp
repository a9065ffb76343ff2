#pragma once

#include "actors/proxy/warm_table.hpp"
#include "core/error.hpp"
#include "net/http_client.hpp"

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace opr {

/// An executor as requests see it. Any thread; written by its node actor and by requests that fail there.
struct node_link {
  node_link(std::string called, std::shared_ptr<net::upstream> where, bool is_online)
      : name(std::move(called)), server(std::move(where)), online(is_online) {}

  const std::string name; ///< As in the settings, or the address where a name stands for several.
  const std::shared_ptr<net::upstream> server;
  std::atomic<bool> online;          ///< As its health checks say.
  std::atomic<bool> reachable{true}; ///< Its circuit is closed: it could be connected to.
  /// A request broke off there and nobody has looked since: the others go first.
  std::atomic<bool> suspect{false};
  std::atomic<double> usage{0}; ///< Percent of the host.
  std::atomic<unsigned> in_flight{0};
  warm_table runtimes;
};
using node_link_ptr = std::shared_ptr<node_link>;

/// An executor in the fleet.
struct fleet_member {
  node_link_ptr link;
  /// Says that it could not be connected to; any thread. For whoever has found `reachable` to be true still.
  std::function<void(failure why)> on_unreachable;
  /// Has it looked at; any thread. For whoever has found `suspect` to be false still.
  std::function<void()> on_suspect;
};

/// All executors at one moment, in the order of the settings.
using fleet = std::vector<fleet_member>;
using fleet_ptr = std::shared_ptr<const fleet>;

/// The newest fleet, for any thread; nobody waits for more than the change of a pointer.
class fleet_board {
public:
  void publish(fleet_ptr next) {
    std::lock_guard lock{mutex_};
    newest_.swap(next);
  }
  fleet_ptr read() const {
    std::lock_guard lock{mutex_};
    return newest_;
  }

private:
  mutable std::mutex mutex_;
  fleet_ptr newest_ = std::make_shared<const fleet>();
};

} // namespace opr
