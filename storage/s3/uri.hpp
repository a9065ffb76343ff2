#pragma once

#include "core/result.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace opr::storage {

/// Names and values as they are meant, not encoded.
using query_list = std::vector<std::pair<std::string, std::string>>;

/// Percent-encodes all but A-Z a-z 0-9 - . _ ~, as Signature V4 wants it.
std::string encode_component(std::string_view text);
/// The same, but slashes stay.
std::string encode_path(std::string_view text);
/// `a=1&b=`, in the order that Signature V4 wants.
std::string encode_query(const query_list& query);

/// Undoes percent-encoding; a `+` stays one. Fails with `ec::general_argument_invalid` on a broken `%`.
result<std::string> decode_component(std::string_view text);
/// Takes `a=1&b=2` apart.
result<query_list> decode_query(std::string_view text);

} // namespace opr::storage
