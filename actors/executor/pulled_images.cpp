#include "actors/executor/pulled_images.hpp"

#include "core/image_reference.hpp"

#include <algorithm>
#include <charconv>

namespace opr {

namespace {

using std::chrono::duration_cast;
using std::chrono::seconds;

/// Longer than anybody waits, and short enough to be taken from any time.
constexpr int64_t longest_age = int64_t{10} * 365 * 24 * 3600;

} // namespace

void pulled_images::add(const std::string& image, time_point now) {
  if (last_use_.size() < most || last_use_.count(image) > 0)
    last_use_[image] = now;
}

bool pulled_images::use(const std::string& image, time_point now) {
  auto found = last_use_.find(image);
  if (found == last_use_.end())
    return false;
  found->second = now;
  return true;
}

std::vector<std::string> pulled_images::unused(clock::duration since, time_point now) const {
  std::vector<std::string> out;
  for (const auto& [image, used] : last_use_)
    if (now - used >= since)
      out.push_back(image);
  return out;
}

std::string pulled_images::text(time_point now, wall_clock::time_point today) const {
  std::string out;
  for (const auto& [image, used] : last_use_) {
    out += std::to_string(static_cast<int64_t>(unix_seconds(today)) -
                          duration_cast<seconds>(now - used).count());
    out.append(" ").append(image).append("\n");
  }
  return out;
}

void pulled_images::add_text(std::string_view text, time_point now, wall_clock::time_point today) {
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    auto line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    int64_t used = 0;
    const auto [rest, why] = std::from_chars(line.data(), line.data() + line.size(), used);
    line.remove_prefix(static_cast<std::size_t>(rest - line.data()));
    if (why != std::errc() || line.empty() || line.front() != ' ')
      continue;
    line.remove_prefix(1);
    const auto image = parse_image_reference(line);
    if (!image || image->full() != line)
      continue;
    const auto age =
        used < 0 ? longest_age
                 : std::clamp<int64_t>(static_cast<int64_t>(unix_seconds(today)) - used, 0, longest_age);
    add(image->full(), now - seconds(age));
  }
}

} // namespace opr
