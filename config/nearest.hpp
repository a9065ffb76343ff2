#pragma once

#include "config/setting.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace opr::config {

/// The key that somebody who wrote `word` most likely meant; empty if none is close.
std::string_view nearest_key(std::string_view word, const std::vector<setting>& rows);

/// `word` in a form that is safe in a message of one line: quoted, at most 64 characters, plain ASCII.
std::string shown(std::string_view word);

} // namespace opr::config
