#include "storage/s3/query.hpp"

#include "core/percent.hpp"

#include <algorithm>

namespace opr::storage {

std::string encode_query(const query_list& query) {
  query_list encoded;
  for (const auto& [name, value] : query)
    encoded.emplace_back(percent_encoded(name), percent_encoded(value));
  std::sort(encoded.begin(), encoded.end());
  std::string out;
  for (const auto& [name, value] : encoded)
    out.append(out.empty() ? "" : "&").append(name).append("=").append(value);
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
    auto name = percent_decoded(part.substr(0, equals));
    auto value = percent_decoded(part.substr(std::min(equals + 1, part.size())));
    if (!name || !value)
      return {ec::general_argument_invalid, "a % that isn't followed by two hex digits"};
    out.emplace_back(std::move(*name), std::move(*value));
  }
  return out;
}

} // namespace opr::storage
