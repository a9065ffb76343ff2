#include "core/utf8.hpp"

#include <cstdint>
#include <cstring>

namespace opr {

namespace {

struct sequence {
  std::size_t length; ///< Bytes that belong together; at least 1.
  bool whole;         ///< A well-formed character.
  bool cut;           ///< Well-formed as far as it goes, but the bytes end.
};

constexpr bool continues(unsigned char byte) noexcept { return (byte & 0xC0U) == 0x80; }

/// The limits of the second byte after `lead` (Unicode 15, table 3-7).
constexpr bool second_fits(unsigned char lead, unsigned char second) noexcept {
  switch (lead) {
  case 0xE0:
    return second >= 0xA0 && second <= 0xBF;
  case 0xED:
    return second >= 0x80 && second <= 0x9F;
  case 0xF0:
    return second >= 0x90 && second <= 0xBF;
  case 0xF4:
    return second >= 0x80 && second <= 0x8F;
  default:
    return continues(second);
  }
}

sequence first_sequence(std::string_view bytes) noexcept {
  auto lead = static_cast<unsigned char>(bytes[0]);
  if (lead < 0x80)
    return {1, true, false};
  if (lead < 0xC2 || lead > 0xF4)
    return {1, false, false};
  std::size_t need = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  for (std::size_t i = 1; i < need; ++i) {
    if (i == bytes.size())
      return {i, false, true};
    auto byte = static_cast<unsigned char>(bytes[i]);
    if (!(i == 1 ? second_fits(lead, byte) : continues(byte)))
      return {i, false, false};
  }
  return {need, true, false};
}

/// Bytes at the front that are plain ASCII, eight at a time.
std::size_t ascii_prefix(std::string_view bytes) noexcept {
  std::size_t at = 0;
  for (; at + 8 <= bytes.size(); at += 8) {
    uint64_t word = 0;
    std::memcpy(&word, bytes.data() + at, 8);
    if ((word & 0x8080808080808080U) != 0)
      break;
  }
  while (at < bytes.size() && static_cast<unsigned char>(bytes[at]) < 0x80)
    ++at;
  return at;
}

} // namespace

bool is_utf8(std::string_view bytes) noexcept {
  for (;;) {
    bytes.remove_prefix(ascii_prefix(bytes));
    if (bytes.empty())
      return true;
    auto next = first_sequence(bytes);
    if (!next.whole)
      return false;
    bytes.remove_prefix(next.length);
  }
}

std::string to_utf8(std::string_view bytes) {
  std::string text;
  text.reserve(bytes.size());
  while (!bytes.empty()) {
    auto next = first_sequence(bytes);
    if (next.whole)
      text += bytes.substr(0, next.length);
    else
      text += "\xEF\xBF\xBD";
    bytes.remove_prefix(next.length);
  }
  return text;
}

std::size_t incomplete_tail(std::string_view bytes) noexcept {
  for (std::size_t back = 1; back <= 3 && back <= bytes.size(); ++back) {
    auto tail = bytes.substr(bytes.size() - back);
    if (continues(static_cast<unsigned char>(tail[0])))
      continue;
    return first_sequence(tail).cut ? back : 0;
  }
  return 0;
}

std::string_view cut_utf8(std::string_view bytes, std::size_t limit) noexcept {
  if (bytes.size() <= limit)
    return bytes;
  auto cut = bytes.substr(0, limit);
  cut.remove_suffix(incomplete_tail(cut));
  return cut;
}

} // namespace opr
