#include "storage/s3/uri.hpp"

#include <algorithm>
#include <charconv>

namespace opr::storage {

namespace {

bool is_unreserved(char c) noexcept {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

std::string encode(std::string_view text, bool slashes_stay) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  out.reserve(text.size());
  for (char c : text) {
    if (is_unreserved(c) || (c == '/' && slashes_stay)) {
      out += c;
      continue;
    }
    auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += digits[byte >> 4U];
    out += digits[byte & 15U];
  }
  return out;
}

} // namespace

std::string encode_component(std::string_view text) { return encode(text, false); }

std::string encode_path(std::string_view text) { return encode(text, true); }

std::string encode_query(const query_list& query) {
  query_list encoded;
  for (const auto& [name, value] : query)
    encoded.emplace_back(encode_component(name), encode_component(value));
  std::sort(encoded.begin(), encoded.end());
  std::string out;
  for (const auto& [name, value] : encoded)
    out.append(out.empty() ? "" : "&").append(name).append("=").append(value);
  return out;
}

result<std::string> decode_component(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    unsigned char byte = 0;
    auto digits = text.substr(i + 1, 2);
    auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), byte, 16);
    if (digits.size() != 2 || error != std::errc{} || end != digits.data() + 2)
      return {ec::general_argument_invalid, "a % that isn't followed by two hex digits"};
    out += static_cast<char>(byte);
    i += 2;
  }
  return out;
}

result<query_list> decode_query(std::string_view text) {
  query_list out;
  while (!text.empty()) {
    auto part = text.substr(0, text.find('&'));
    text.remove_prefix(std::min(part.size() + 1, text.size()));
    if (part.empty())
      continue;
    auto equals = std::min(part.find('='), part.size());
    auto name = decode_component(part.substr(0, equals));
    auto value = decode_component(part.substr(std::min(equals + 1, part.size())));
    if (!name || !value)
      return !name ? std::move(name.error()) : std::move(value.error());
    out.emplace_back(std::move(*name), std::move(*value));
  }
  return out;
}

} // namespace opr::storage
