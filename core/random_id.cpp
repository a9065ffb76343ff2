#include "core/random_id.hpp"

#include <cerrno>
#include <stdexcept>
#include <sys/random.h>
#include <system_error>

namespace opr {

std::string random_hex(std::size_t length) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string text(length, '\0');
  std::size_t filled = 0;
  while (filled < length) {
    auto got = getrandom(text.data() + filled, length - filled, 0);
    if (got < 0 && errno != EINTR)
      throw std::system_error(errno, std::generic_category(), "getrandom");
    if (got > 0)
      filled += static_cast<std::size_t>(got);
  }
  for (auto& byte : text)
    byte = digits[static_cast<unsigned char>(byte) & 15U];
  return text;
}

} // namespace opr
