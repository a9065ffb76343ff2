#include "storage/files/path.hpp"

#include <algorithm>
#include <string_view>

namespace opr::storage {

namespace {

constexpr std::size_t max_path = 4095; // PATH_MAX without its NUL
constexpr std::size_t max_name = 255;  // NAME_MAX

bool is_control(char c) noexcept { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

/// The reason, without the text itself: it may hold anything, and goes to logs and clients.
const char* component_fault(std::string_view name) noexcept {
  if (name.empty())
    return "an empty component";
  if (name == "." || name == "..")
    return "a component `.` or `..`";
  if (name.size() > max_name)
    return "a component of more than 255 bytes";
  if (std::any_of(name.begin(), name.end(), is_control))
    return "a control byte";
  return nullptr;
}

} // namespace

std::optional<failure> path_fault(const std::string& path) {
  if (path.empty() || path.front() != '/')
    return failure{ec::path_refused, "the path must be absolute"};
  if (path.size() > max_path)
    return failure{ec::path_refused, "the path has more than 4095 bytes"};
  std::string_view rest = path;
  while (!rest.empty()) {
    rest.remove_prefix(1);
    auto name = rest.substr(0, rest.find('/'));
    if (const char* fault = component_fault(name))
      return failure{ec::path_refused, std::string("the path has ") + fault};
    rest.remove_prefix(name.size());
  }
  return std::nullopt;
}

std::optional<failure> name_fault(const std::string& name) {
  if (name.find('/') != std::string::npos)
    return failure{ec::path_refused, "the file name has a slash"};
  if (const char* fault = component_fault(name))
    return failure{ec::path_refused, std::string("the file name is or has ") + fault};
  return std::nullopt;
}

split_path split(const std::string& path) {
  auto slash = path.rfind('/');
  return {slash == 0 ? "/" : path.substr(0, slash), path.substr(slash + 1)};
}

} // namespace opr::storage
