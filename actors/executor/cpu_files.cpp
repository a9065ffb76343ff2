#include "actors/executor/cpu_files.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <fstream>
#include <iterator>

namespace opr {

namespace {

constexpr const char* v1_file = "/cpuacct.usage";
constexpr const char* v2_file = "/cpu.stat";

/// The text up to the separator, which is taken out with it; all of it when there is none.
std::string_view cut(std::string_view& text, char separator) {
  auto end = std::min(text.find(separator), text.size());
  auto part = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return part;
}

template <class T>
std::optional<T> whole_number(std::string_view text) {
  T value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value < 0)
    return std::nullopt;
  return value;
}

/// The beginning of one of the kernel's files, where all stands that is looked for. Empty if it can't be
/// read.
std::string content(const std::string& path) {
  std::string text(4096, '\0');
  std::ifstream in(path, std::ios::binary);
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(std::max<std::streamsize>(in.gcount(), 0)));
  return text;
}

bool holds(std::string_view list, std::string_view word) {
  while (!list.empty())
    if (cut(list, ',') == word)
      return true;
  return false;
}

/// What a line `4:cpu,cpuacct:/docker/<id>` says, or `0::/system.slice/docker-<id>.scope`.
void add_candidates(std::string_view line, std::string_view container_id, std::vector<std::string>& to) {
  auto hierarchy = cut(line, ':');
  auto controllers = cut(line, ':');
  if (line.find(container_id) == std::string_view::npos)
    return;
  std::string path(line);
  if (hierarchy == "0" && controllers.empty()) {
    to.push_back(path + v2_file);
    to.push_back("/unified" + path + v2_file); // beside v1
  } else if (holds(controllers, "cpuacct")) {
    to.push_back("/" + std::string(controllers) + path + v1_file);
    to.push_back("/cpuacct" + path + v1_file);
  }
}

} // namespace

std::optional<host_cpu> parse_host_cpu(std::string_view proc_stat) {
  // cpu user nice system idle iowait irq softirq steal; what follows is in `user` already.
  constexpr std::size_t idle = 3;
  constexpr std::size_t iowait = 4;
  constexpr std::size_t counted = 8;
  auto line = cut(proc_stat, '\n');
  if (cut(line, ' ') != "cpu")
    return std::nullopt;
  host_cpu out;
  for (std::size_t field = 0; field < counted && !line.empty();) {
    auto text = cut(line, ' ');
    if (text.empty())
      continue;
    auto ticks = whole_number<uint64_t>(text);
    if (!ticks)
      return std::nullopt;
    out.total += *ticks;
    if (field != idle && field != iowait)
      out.busy += *ticks;
    ++field;
  }
  return out;
}

std::optional<std::chrono::nanoseconds> parse_cpu_stat(std::string_view text) {
  while (!text.empty()) {
    auto line = cut(text, '\n');
    if (cut(line, ' ') != "usage_usec")
      continue;
    if (auto used = whole_number<int64_t>(line))
      return std::chrono::microseconds(*used);
    return std::nullopt;
  }
  return std::nullopt;
}

std::optional<std::chrono::nanoseconds> parse_cpuacct(std::string_view text) {
  if (auto used = whole_number<int64_t>(cut(text, '\n')))
    return std::chrono::nanoseconds(*used);
  return std::nullopt;
}

std::vector<std::string> cpu_file_candidates(const std::string& container_id, std::string_view proc_cgroup) {
  std::vector<std::string> out;
  while (!proc_cgroup.empty())
    add_candidates(cut(proc_cgroup, '\n'), container_id, out);
  // The places of Docker's two cgroup drivers.
  for (const auto& folder : {"/docker/" + container_id, "/system.slice/docker-" + container_id + ".scope"}) {
    out.push_back(folder + v2_file);
    for (const char* hierarchy : {"/cpuacct", "/cpu,cpuacct"})
      out.push_back(hierarchy + folder + v1_file);
  }
  return out;
}

std::optional<host_cpu> read_host_cpu(const kernel_files& in) {
  return parse_host_cpu(content(in.proc + "/stat"));
}

std::optional<std::chrono::nanoseconds> read_container_cpu(const kernel_files& in,
                                                           const std::string& container_id, int pid) {
  auto proc_cgroup = pid > 0 ? content(in.proc + "/" + std::to_string(pid) + "/cgroup") : std::string{};
  for (const auto& file : cpu_file_candidates(container_id, proc_cgroup)) {
    auto text = content(in.cgroup + file);
    auto used = file.compare(file.size() - std::string_view(v2_file).size(), std::string::npos, v2_file) == 0
                    ? parse_cpu_stat(text)
                    : parse_cpuacct(text);
    if (used)
      return used;
  }
  return std::nullopt;
}

} // namespace opr
