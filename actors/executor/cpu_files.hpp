#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace opr {

/// Processor time of the whole machine since it started, in the kernel's ticks, summed over all processors.
struct host_cpu {
  uint64_t busy = 0;
  uint64_t total = 0;
};

/// Where the kernel tells of itself.
struct kernel_files {
  std::string proc = "/proc";
  std::string cgroup = "/sys/fs/cgroup";
};

/// From `/proc/stat`. Waiting for disks counts as idle, time that the hypervisor took as busy.
std::optional<host_cpu> parse_host_cpu(std::string_view proc_stat);

/// From cgroup v2's `cpu.stat`.
std::optional<std::chrono::nanoseconds> parse_cpu_stat(std::string_view text);
/// From cgroup v1's `cpuacct.usage`.
std::optional<std::chrono::nanoseconds> parse_cpuacct(std::string_view text);

/// Where a container's processor time may stand, best guess first, relative to the root of all cgroups.
/// @param proc_cgroup `/proc/<pid>/cgroup` of its first process, or nothing. The pid may be another process's
/// by now, or in another namespace: only what names the container is believed.
std::vector<std::string> cpu_file_candidates(const std::string& container_id, std::string_view proc_cgroup);

std::optional<host_cpu> read_host_cpu(const kernel_files& in);

/// Nothing if the container doesn't run, or if its cgroup can't be seen from here.
/// @param pid Of its first process; 0: not known.
std::optional<std::chrono::nanoseconds> read_container_cpu(const kernel_files& in,
                                                           const std::string& container_id, int pid);

} // namespace opr
