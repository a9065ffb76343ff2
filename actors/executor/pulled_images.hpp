#pragma once

#include "core/clock.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace opr {

/// The images that this executor has pulled as runtimes wanted them, and when each was last used. By whole
/// names. Their text is what outlives the executor.
class pulled_images {
public:
  /// More are not kept in mind, and so not removed.
  static constexpr std::size_t most = 10000;

  void add(const std::string& image, time_point now);
  /// @returns Whether it is one of them.
  bool use(const std::string& image, time_point now);
  void forget(const std::string& image) { last_use_.erase(image); }

  /// Those that weren't used for so long.
  std::vector<std::string> unused(clock::duration since, time_point now) const;

  /// A line for each image: the Unix time of its last use in seconds, and its name.
  std::string text(time_point now, wall_clock::time_point today) const;
  /// Adds what an earlier life wrote. Lines that make no sense are left out, and times to come count as now.
  void add_text(std::string_view text, time_point now, wall_clock::time_point today);

private:
  std::map<std::string, time_point> last_use_;
};

} // namespace opr
