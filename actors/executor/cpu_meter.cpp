#include "actors/executor/cpu_meter.hpp"

#include <algorithm>
#include <utility>

namespace opr {

namespace {

double percent(double part, double whole) {
  return whole > 0 ? std::clamp(100 * part / whole, 0.0, 100.0) : 0;
}

/// Counters of the kernel may step back a little.
double host_percent(const host_cpu& before, const host_cpu& now) {
  if (now.total <= before.total || now.busy < before.busy)
    return 0;
  return percent(static_cast<double>(now.busy - before.busy), static_cast<double>(now.total - before.total));
}

} // namespace

double cpu_meter::share(const container_cpu& before, const container_cpu& now) const {
  std::chrono::duration<double> passed = now.at - before.at;
  std::chrono::duration<double> used = now.used - before.used;
  auto limit = now.whose.cpus > 0 ? now.whose.cpus : processors_;
  return percent(used.count(), passed.count() * limit);
}

usage_figures cpu_meter::take(const cpu_sample& now) {
  if (now.host) {
    host_share_ = host_ ? host_percent(*host_, *now.host) : 0;
    host_ = now.host;
  }
  usage_figures figures;
  figures.host = host_share_;
  std::map<std::string, container_cpu> seen;
  for (const auto& one : now.containers) {
    if (auto before = containers_.find(one.whose.container_id); before != containers_.end())
      figures.runtimes.emplace_back(one.whose.runtime_id, share(before->second, one));
    seen.emplace(one.whose.container_id, one);
  }
  containers_ = std::move(seen);
  return figures;
}

} // namespace opr
