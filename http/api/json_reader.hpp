#pragma once

#include <rapidjson/document.h>

#include <cstddef>
#include <string>
#include <string_view>

namespace opr::http {

/// Most values, names included, of a text: each takes 16 bytes, however short it is.
inline constexpr std::size_t max_json_values = 100'000;

// Parse JSON of any depth that is UTF-8 throughout; false for all else. Strings of the document lie in the
// text in the first case and are copies in the second.
bool parse_json_in_place(std::string& text, rapidjson::Document& into);
bool parse_json(std::string_view text, rapidjson::Document& into);

} // namespace opr::http
