#include "actors/executor/own_container.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <sstream>

namespace opr {

namespace {

constexpr std::size_t id_length = 64;

bool ends_with(std::string_view text, std::string_view tail) {
  return text.size() >= tail.size() && text.substr(text.size() - tail.size()) == tail;
}

bool is_id(std::string_view text) {
  return text.size() == id_length && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

/// The text up to the separator, which is taken out with it; all of it when there is none.
std::string_view cut(std::string_view& text, char separator) {
  auto end = std::min(text.find(separator), text.size());
  auto part = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return part;
}

/// The last part of a path, which is taken out with its slash.
std::string_view cut_last(std::string_view& path) {
  auto slash = path.rfind('/');
  auto part = slash == std::string_view::npos ? path : path.substr(slash + 1);
  path = slash == std::string_view::npos ? std::string_view{} : path.substr(0, slash);
  return part;
}

/// From a line `36 35 98:0 <root> <mount point> <options> …`, with the root `…/containers/<id>/hostname`.
std::string_view id_in_mount(std::string_view line) {
  for (int skipped = 0; skipped < 3; ++skipped)
    cut(line, ' ');
  auto root = cut(line, ' ');
  auto point = cut(line, ' ');
  constexpr std::array<std::string_view, 3> files{"/etc/hostname", "/etc/resolv.conf", "/etc/hosts"};
  auto file = std::find(files.begin(), files.end(), point);
  if (file == files.end() || cut_last(root) != file->substr(file->rfind('/') + 1))
    return {};
  auto id = cut_last(root);
  return is_id(id) && ends_with(root, "/containers") ? id : std::string_view{};
}

/// From a line `4:cpu:/docker/<id>`, or `0::/system.slice/docker-<id>.scope` under systemd.
std::string_view id_in_cgroup(std::string_view line) {
  cut(line, ':');
  cut(line, ':');
  constexpr std::string_view before = "docker-";
  constexpr std::string_view after = ".scope";
  auto last = cut_last(line);
  if (ends_with(last, after) && last.substr(0, before.size()) == before)
    last = last.substr(before.size(), last.size() - before.size() - after.size());
  else if (!ends_with(line, "/docker"))
    return {};
  return is_id(last) ? last : std::string_view{};
}

template <class F>
std::string first_id(std::string_view lines, F id_in) {
  while (!lines.empty())
    if (auto id = id_in(cut(lines, '\n')); !id.empty())
      return std::string(id);
  return {};
}

std::string content(const char* path) {
  std::ifstream in(path);
  return (std::ostringstream() << in.rdbuf()).str();
}

} // namespace

std::string own_container_id(std::string_view mountinfo, std::string_view cgroup) {
  auto id = first_id(mountinfo, id_in_mount);
  return id.empty() ? first_id(cgroup, id_in_cgroup) : id;
}

std::string own_container_id() {
  return own_container_id(content("/proc/self/mountinfo"), content("/proc/self/cgroup"));
}

} // namespace opr
