#pragma once

#include <cstddef>
#include <string_view>

namespace opr::http {

/// Finds the end of a request's head line by line and refuses what parsers are known to disagree on: lines
/// that end in a bare LF, and header fields folded over several lines.
class head_scanner {
public:
  enum class verdict { incomplete, complete, bare_line_feed, folded_field };

  /// @param head Everything received of the head so far, from its first byte; lines seen once aren't read
  /// again.
  verdict scan(std::string_view head) noexcept;

  /// Bytes of the whole head, its empty line included; meaningful once `complete`.
  size_t size() const noexcept { return line_; }

private:
  size_t line_ = 0; ///< Where the first line that isn't complete yet begins.
};

} // namespace opr::http
