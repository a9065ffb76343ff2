#pragma once

#include "core/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace opr::docker {

/// The Engine API version that every call asks for; 20.10 and later serve it.
inline constexpr std::string_view api_prefix = "/v1.41";

/// Whether the Engine takes this as a name: a letter or digit, then letters, digits, `_`, `.`, `-`; at most
/// 255. Ids fulfil it too. Whatever does is safe in a path.
bool is_valid_name(std::string_view name) noexcept;

/// `<prefix>/<kind>/<name><rest>`, say `/v1.41/containers/abc/start`.
/// @returns The target, or `ec::general_argument_invalid` if the name is not valid.
result<std::string> object_target(std::string_view kind, const std::string& name, std::string_view rest);

/// Pairs of a filter's name and one accepted value; a name may occur several times, next to each other.
using filter_list = std::vector<std::pair<std::string, std::string>>;

/// The value of the query parameter `filters`, encoded.
/// @returns It, or `ec::general_argument_invalid` if a value isn't UTF-8.
result<std::string> encode_filters(const filter_list& filters);

/// Unix nanoseconds as the Engine's query parameters want it: seconds and a fraction of nine digits.
std::string encode_time(int64_t unix_nano);

} // namespace opr::docker
