#include "actors/proxy/redis/slot.hpp"

namespace opr::redis {

namespace {

/// CRC-16/XMODEM.
uint16_t checksum(std::string_view bytes) noexcept {
  constexpr unsigned polynomial = 0x1021;
  unsigned sum = 0;
  for (unsigned char byte : bytes) {
    sum ^= static_cast<unsigned>(byte) << 8U;
    for (int bit = 0; bit < 8; ++bit)
      sum = ((sum & 0x8000U) != 0 ? (sum << 1U) ^ polynomial : sum << 1U) & 0xffffU;
  }
  return static_cast<uint16_t>(sum);
}

} // namespace

uint16_t slot_of(std::string_view key) noexcept {
  if (auto open = key.find('{'); open != std::string_view::npos) {
    auto close = key.find('}', open + 1);
    if (close != std::string_view::npos && close != open + 1)
      key = key.substr(open + 1, close - open - 1);
  }
  return checksum(key) % slots;
}

} // namespace opr::redis
