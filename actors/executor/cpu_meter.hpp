#pragma once

#include "actors/executor/cpu_files.hpp"
#include "actors/executor/registry.hpp"
#include "core/clock.hpp"
#include "core/requests.hpp"

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace opr {

/// Processor time that a container had used at some time.
struct container_cpu {
  live_container whose;
  std::chrono::nanoseconds used{0};
  time_point at{};
};

/// What a round of measuring has found.
struct cpu_sample {
  std::optional<host_cpu> host;
  std::vector<container_cpu> containers;
};

/// Makes figures of samples: each is the share between a sample and the one before, the host's in percent of
/// all its processors, a container's in percent of its own limit. A container that was not in the sample
/// before has none yet.
class cpu_meter {
public:
  /// @param processors What a container without a limit may use.
  explicit cpu_meter(unsigned processors = 1) : processors_(processors) {}

  usage_figures take(const cpu_sample& now);

private:
  double share(const container_cpu& before, const container_cpu& now) const;

  unsigned processors_;
  std::optional<host_cpu> host_;
  double host_share_ = 0;
  std::map<std::string, container_cpu> containers_; ///< By container id: a new one begins at 0 again.
};

} // namespace opr
