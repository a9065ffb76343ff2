#include "docker/wire/target.hpp"

#include "core/percent.hpp"
#include "docker/wire/json.hpp"

#include <algorithm>
#include <cstdio>

namespace opr::docker {

namespace {

constexpr std::size_t max_name = 255;

bool is_alphanumeric(char c) noexcept {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

bool is_name_character(char c) noexcept { return is_alphanumeric(c) || c == '_' || c == '.' || c == '-'; }

} // namespace

bool is_valid_name(std::string_view name) noexcept {
  return !name.empty() && name.size() <= max_name && is_alphanumeric(name.front()) &&
         std::all_of(name.begin(), name.end(), is_name_character);
}

result<std::string> object_target(std::string_view kind, const std::string& name, std::string_view rest) {
  if (!is_valid_name(name))
    return {ec::general_argument_invalid, "not a name or id that the Docker Engine takes"};
  std::string target(api_prefix);
  target.append("/").append(kind).append("/").append(name).append(rest);
  return target;
}

result<std::string> encode_filters(const filter_list& filters) {
  json::writer out;
  out.open_object();
  for (std::size_t i = 0; i < filters.size(); ++i) {
    const auto& name = filters[i].first;
    if (i == 0 || filters[i - 1].first != name)
      out.key(name).open_array();
    out.text(filters[i].second);
    if (i + 1 == filters.size() || filters[i + 1].first != name)
      out.close_array();
  }
  auto text = out.close_object().finish();
  if (!text)
    return {ec::general_argument_invalid, "a filter for the Docker Engine is not valid UTF-8"};
  return percent_encoded(*text);
}

std::string encode_time(int64_t unix_nano) {
  constexpr int64_t second = 1'000'000'000;
  char text[40];
  std::snprintf(text, sizeof text, "%lld.%09lld", static_cast<long long>(unix_nano / second),
                static_cast<long long>(unix_nano % second));
  return text;
}

} // namespace opr::docker
