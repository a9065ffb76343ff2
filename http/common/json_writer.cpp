#include "http/common/json_writer.hpp"

#include "core/utf8.hpp"

#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstring>

namespace opr::http {

namespace {

constexpr bool is_escaped(char c) noexcept {
  return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\';
}

/// Whether any of eight bytes is escaped ("Bit Twiddling Hacks": a byte less than n, a byte equal to n).
constexpr bool has_escaped(uint64_t word) noexcept {
  constexpr uint64_t ones = 0x0101010101010101;
  constexpr uint64_t high = 0x8080808080808080;
  auto zero_in = [](uint64_t x) { return (x - ones) & ~x & high; };
  return (((word - ones * 0x20) & ~word & high) | zero_in(word ^ ones * '"') | zero_in(word ^ ones * '\\')) !=
         0;
}

/// Bytes at the front that stand for themselves.
std::size_t plain_prefix(std::string_view text) noexcept {
  std::size_t at = 0;
  for (; at + 8 <= text.size(); at += 8) {
    uint64_t word = 0;
    std::memcpy(&word, text.data() + at, 8);
    if (has_escaped(word))
      break;
  }
  while (at < text.size() && !is_escaped(text[at]))
    ++at;
  return at;
}

void append_escaped(std::string& out, char c) {
  constexpr char digits[] = "0123456789abcdef";
  out += '\\';
  switch (c) {
  case '"':
  case '\\':
    out += c;
    return;
  case '\n':
    out += 'n';
    return;
  case '\r':
    out += 'r';
    return;
  case '\t':
    out += 't';
    return;
  default:
    out += "u00";
    out += digits[static_cast<unsigned char>(c) >> 4U];
    out += digits[static_cast<unsigned char>(c) & 15U];
  }
}

} // namespace

json_writer& json_writer::open(char bracket) {
  separate();
  out_ += bracket;
  follows_ = false;
  return *this;
}

json_writer& json_writer::close(char bracket) {
  out_ += bracket;
  follows_ = true;
  return *this;
}

json_writer& json_writer::key(std::string_view name) {
  text(name);
  out_ += ':';
  follows_ = false;
  return *this;
}

json_writer& json_writer::text(std::string_view value) {
  separate();
  is_utf8(value) ? quote(value) : quote(to_utf8(value));
  return *this;
}

json_writer& json_writer::whole(int64_t value) {
  separate();
  char digits[24];
  out_.append(digits, std::to_chars(digits, digits + sizeof digits, value).ptr);
  return *this;
}

json_writer& json_writer::number(double value) {
  separate();
  append_number(out_, value);
  return *this;
}

void json_writer::separate() {
  if (follows_)
    out_ += ',';
  follows_ = true;
}

void json_writer::quote(std::string_view utf8) {
  out_ += '"';
  for (;;) {
    auto plain = plain_prefix(utf8);
    out_.append(utf8.data(), plain);
    if (plain == utf8.size())
      break;
    append_escaped(out_, utf8[plain]);
    utf8.remove_prefix(plain + 1);
  }
  out_ += '"';
}

void append_number(std::string& out, double value) {
  char digits[32];
  auto* end = std::to_chars(digits, digits + sizeof digits, std::isfinite(value) ? value : 0).ptr;
  std::string_view text{digits, static_cast<std::size_t>(end - digits)};
  out += text;
  if (text.find_first_of(".e") == std::string_view::npos)
    out += ".0";
}

} // namespace opr::http
