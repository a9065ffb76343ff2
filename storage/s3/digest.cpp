#include "storage/s3/digest.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>

namespace opr::storage {

namespace {

using digest_bytes = std::array<unsigned char, EVP_MAX_MD_SIZE>;

std::string text_of(const digest_bytes& bytes, unsigned size) {
  return {bytes.begin(), bytes.begin() + size};
}

} // namespace

std::string hex(std::string_view bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  out.reserve(2 * bytes.size());
  for (unsigned char byte : bytes) {
    out += digits[byte >> 4U];
    out += digits[byte & 15U];
  }
  return out;
}

std::string sha256(std::string_view text) {
  digest_bytes made{};
  unsigned size = 0;
  EVP_Digest(text.data(), text.size(), made.data(), &size, EVP_sha256(), nullptr);
  return text_of(made, size);
}

std::string hmac_sha256(std::string_view key, std::string_view text) {
  digest_bytes made{};
  unsigned size = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(), made.data(), &size);
  return text_of(made, size);
}

} // namespace opr::storage
