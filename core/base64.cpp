#include "core/base64.hpp"

#include <cstddef>
#include <cstdint>

namespace opr {

namespace {

std::string encode(std::string_view plain, const char* digits) {
  std::string coded;
  coded.reserve((plain.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < plain.size(); i += 3) {
    uint32_t bits = 0;
    for (std::size_t j = 0; j < 3; ++j)
      bits = bits << 8U | (i + j < plain.size() ? static_cast<unsigned char>(plain[i + j]) : 0U);
    for (std::size_t j = 0; j < 4; ++j)
      coded += i + j > plain.size() ? '=' : digits[bits >> (18 - 6 * j) & 63U];
  }
  return coded;
}

/// -1: no digit.
int value_of(char digit) noexcept {
  if (digit >= 'A' && digit <= 'Z')
    return digit - 'A';
  if (digit >= 'a' && digit <= 'z')
    return digit - 'a' + 26;
  if (digit >= '0' && digit <= '9')
    return digit - '0' + 52;
  return digit == '+' ? 62 : digit == '/' ? 63 : -1;
}

} // namespace

std::string base64(std::string_view bytes) {
  return encode(bytes, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");
}

std::string base64_url(std::string_view bytes) {
  return encode(bytes, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");
}

std::optional<std::string> base64_decoded(std::string_view coded) {
  while (!coded.empty() && coded.back() == '=')
    coded.remove_suffix(1);
  std::string plain;
  uint32_t bits = 0;
  unsigned held = 0;
  for (char digit : coded) {
    auto value = value_of(digit);
    if (value < 0)
      return std::nullopt;
    bits = bits << 6U | static_cast<uint32_t>(value);
    held += 6;
    if (held >= 8) {
      held -= 8;
      plain += static_cast<char>(bits >> held & 255U);
    }
  }
  return held < 6 ? std::optional(plain) : std::nullopt;
}

} // namespace opr
