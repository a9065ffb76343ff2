#include "http/server/wire/head_scanner.hpp"

namespace opr::http {

head_scanner::verdict head_scanner::scan(std::string_view head) noexcept {
  for (;;) {
    if (line_ > 0 && line_ < head.size() && (head[line_] == ' ' || head[line_] == '\t'))
      return verdict::folded_field;
    const auto end = head.find('\n', line_);
    if (end == std::string_view::npos)
      return verdict::incomplete;
    if (end == line_ || head[end - 1] != '\r')
      return verdict::bare_line_feed;
    const bool empty = end == line_ + 1;
    line_ = end + 1;
    if (empty)
      return verdict::complete;
  }
}

} // namespace opr::http
