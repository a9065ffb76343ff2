#pragma once

#include "config/setting.hpp"
#include "core/result.hpp"

#include <string>
#include <vector>

namespace opr::config {

/// A place in a file, counted from 1.
struct position {
  int line = 1;
  int column = 1;
};

/// `key: value`, where the value is a text or a list of texts. No value at all is the empty text.
struct yaml_entry {
  std::string key;
  position key_at;
  raw_value value;
  position value_at;
};

/// Reads a file of `key: value` lines, at most 1 MiB. Refuses what YAML offers beyond them: nested values,
/// aliases, tags, a second document, the same key twice. Scalars stay texts. Fails with
/// `ec::general_argument_invalid`; the detail begins with `path:line:column: `, or `path: ` where no place in
/// it can be named.
result<std::vector<yaml_entry>> read_yaml_file(const std::string& path);

/// `path:line:column: `
std::string place(const std::string& path, position at);

} // namespace opr::config
