#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace opr::fuzz {

/// Ends the program, which is how the fuzzer is told of a finding, if something does not hold.
inline void must(bool holds, const char* what) {
  if (holds)
    return;
  std::fprintf(stderr, "it does not hold that %s\n", what);
  std::abort();
}

inline std::string_view text_of(const uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

/// Takes the first byte away. @returns It, 0 if there is none.
inline uint8_t take_byte(std::string_view& bytes) {
  if (bytes.empty())
    return 0;
  auto first = static_cast<uint8_t>(bytes.front());
  bytes.remove_prefix(1);
  return first;
}

/// Takes away what stands before the first NUL byte, which goes too; all if there is none.
inline std::string_view take_text(std::string_view& bytes) {
  auto text = bytes.substr(0, bytes.find('\0'));
  bytes.remove_prefix(text.size() < bytes.size() ? text.size() + 1 : text.size());
  return text;
}

/// Hands bytes on in pieces, which `pattern` cuts: 0 in one, 1 bytewise, others in sizes that change.
/// @param take `bool(std::string_view)`; false ends it.
template <class F>
void in_pieces(std::string_view bytes, uint8_t pattern, F take) {
  uint32_t state = pattern;
  while (!bytes.empty()) {
    state = state * 1103515245 + 12345;
    auto size = pattern == 0 ? bytes.size() : pattern == 1 ? 1 : 1 + (state >> 16U) % pattern;
    auto piece = bytes.substr(0, size);
    bytes.remove_prefix(piece.size());
    if (!take(piece))
      return;
  }
}

} // namespace opr::fuzz
