#pragma once

#include "actors/executor/cpu_meter.hpp"
#include "actors/executor/services.hpp"
#include "actors/messages.hpp"

#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <utility>

namespace opr {

/// The newest figures, for any thread; nobody waits for more than the change of a pointer.
class usage_board {
public:
  void publish(const usage_figures& figures);

  /// The figures as of now: of exactly the runtimes that are there, 0 for those not measured yet.
  usage_figures read(const registry& runtimes) const;

private:
  struct snapshot {
    double host = 0;
    std::unordered_map<std::string, double> runtimes;
  };

  mutable std::mutex mutex_;
  std::shared_ptr<const snapshot> newest_ = std::make_shared<snapshot>();
};

struct usage_state {
  static constexpr const char* name = "usage";

  services_ptr with;
  std::shared_ptr<usage_board> board;
  kernel_files files;
  cpu_meter meter;
};

/// Measures processor time every few seconds: from the kernel's files, and where a container's can't be seen
/// (as from inside of a container) from the Engine, few at a time: it takes up to a second over each.
usage_actor::behavior_type usage(usage_actor::stateful_pointer<usage_state> self, services_ptr with,
                                 std::shared_ptr<usage_board> board, kernel_files files);

} // namespace opr
