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

} // namespace

std::string base64(std::string_view bytes) {
  return encode(bytes, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");
}

std::string base64_url(std::string_view bytes) {
  return encode(bytes, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");
}

} // namespace opr
