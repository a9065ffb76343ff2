#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace opr::docker {

/// Puts lines together again from a stream that was cut anywhere. Blank lines are dropped.
class line_splitter {
public:
  /// @param max_length Longest line in bytes, line break excluded.
  explicit line_splitter(std::size_t max_length) : max_length_(max_length) {}

  /// Calls `on_line` for every line that is complete, without its `\n` or `\r\n`; false from it ends the
  /// feeding.
  /// @returns False if a line is too long, or if `on_line` said so; feed nothing after that.
  bool feed(std::string_view bytes, const std::function<bool(std::string_view)>& on_line);

private:
  std::size_t max_length_;
  std::string begun_; ///< A line whose end hasn't come.
};

} // namespace opr::docker
