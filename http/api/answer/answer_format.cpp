#include "http/api/answer/answer_format.hpp"

#include "http/api/field_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>

namespace opr::http {

namespace {

using version = std::array<unsigned, 3>;

constexpr version with_lists{0, 11, 0};
constexpr version with_streams{0, 12, 0};

/// `0.12.0`, or fewer numbers, of which missing ones are 0. What is no version is the lowest.
version parse_version(std::string_view text) noexcept {
  version read{};
  const auto* at = text.data();
  const auto* end = at + text.size();
  for (std::size_t i = 0; i < read.size(); ++i) {
    auto [next, error] = std::from_chars(at, end, read[i]);
    if (error != std::errc{})
      return {};
    if (next == end)
      return read;
    if (*next != '.')
      return {};
    at = next + 1;
  }
  return {};
}

bool begins_with(std::string_view text, std::string_view lower_case) noexcept {
  return same_header(text.substr(0, lower_case.size()), lower_case);
}

/// Whether an element of the list asks for JSON.
bool accepts_json(std::string_view list) noexcept {
  for (;;) {
    auto comma = std::min(list.find(','), list.size());
    auto element = trimmed(list.substr(0, comma));
    if (begins_with(element, "application/json") || begins_with(element, "application/*"))
      return true;
    if (comma == list.size())
      return false;
    list.remove_prefix(comma + 1);
  }
}

} // namespace

answer_format wanted_format(const header_list& headers) {
  answer_format wanted;
  for (const auto& field : headers)
    wanted.json = wanted.json || (field.name == "accept" && accepts_json(field.value));
  const auto* asked = find_header(headers, "x-executor-response-format");
  if (asked == nullptr)
    return wanted;
  auto read = parse_version(*asked);
  wanted.lists = read >= with_lists;
  if (!wanted.json && read >= with_streams)
    wanted.streamed = *asked;
  return wanted;
}

} // namespace opr::http
