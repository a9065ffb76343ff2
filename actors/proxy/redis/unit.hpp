#pragma once

#include <string>
#include <vector>

namespace opr::redis {

using words = std::vector<std::string>;

/// Commands about one key that one server has to carry out together, in this order. May be repeated: what
/// they write doesn't depend on what was there.
struct unit {
  std::string key;
  std::vector<words> commands;
};

} // namespace opr::redis
