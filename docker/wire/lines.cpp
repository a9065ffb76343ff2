#include "docker/wire/lines.hpp"

#include <utility>

namespace opr::docker {

namespace {

std::string_view without_return(std::string_view line) noexcept {
  if (!line.empty() && line.back() == '\r')
    line.remove_suffix(1);
  return line;
}

} // namespace

bool line_splitter::feed(std::string_view bytes, const std::function<bool(std::string_view)>& on_line) {
  while (!bytes.empty()) {
    auto end = bytes.find('\n');
    auto part = bytes.substr(0, end);
    if (begun_.size() + part.size() > max_length_)
      return false;
    if (end == std::string_view::npos) {
      begun_.append(part);
      return true;
    }
    bytes.remove_prefix(end + 1);
    auto whole = std::exchange(begun_, {});
    whole.append(part);
    auto line = without_return(whole);
    if (!line.empty() && !on_line(line))
      return false;
  }
  return true;
}

} // namespace opr::docker
