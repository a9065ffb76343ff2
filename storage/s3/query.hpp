#pragma once

#include "core/result.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace opr::storage {

/// Names and values as they are meant, not encoded.
using query_list = std::vector<std::pair<std::string, std::string>>;

/// `a=1&b=`, in the order that Signature V4 wants.
std::string encode_query(const query_list& query);

/// Takes `a=1&b=2` apart; a `+` stays one. Fails with `ec::general_argument_invalid` on a broken `%`.
result<query_list> decode_query(std::string_view text);

} // namespace opr::storage
