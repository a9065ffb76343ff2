#include "config/layers.hpp"

#include "config/nearest.hpp"
#include "config/yaml_file.hpp"

#include <algorithm>
#include <utility>

namespace opr::config {

namespace {

failure invalid(std::string detail) { return {ec::general_argument_invalid, std::move(detail)}; }

std::string unknown_key(const std::string& key, const std::vector<setting>& rows,
                        const variable_names& names) {
  if (is_unsupported(key, names))
    return key + " is not supported by this version";
  auto meant = nearest_key(key, rows);
  return "unknown key " + shown(key) + (meant.empty() ? "" : "; did you mean '" + std::string(meant) + "'?");
}

std::optional<failure> apply_file(const std::vector<setting>& rows, const variable_names& names,
                                  const std::string& path, std::vector<std::string>& warnings) {
  auto entries = read_yaml_file(path);
  if (!entries)
    return entries.error();
  for (auto& entry : *entries) {
    if (auto why = needless(entry.key, place(path, entry.key_at) + entry.key, names)) {
      warnings.push_back(*why);
      continue;
    }
    auto row =
        std::find_if(rows.begin(), rows.end(), [&](const setting& one) { return one.key == entry.key; });
    if (row == rows.end())
      return invalid(place(path, entry.key_at) + unknown_key(entry.key, rows, names));
    if (auto complaint = assign(*row, std::move(entry.value)))
      return invalid(place(path, entry.value_at) + entry.key + " " + *complaint);
  }
  return std::nullopt;
}

} // namespace

std::optional<failure> apply_layers(const std::vector<setting>& rows, const variable_names& names,
                                    const std::string& yaml_path, const environment& env,
                                    std::vector<std::string>& warnings) {
  if (!yaml_path.empty())
    if (auto wrong = apply_file(rows, names, yaml_path, warnings))
      return wrong;
  return apply_environment(rows, names, env, warnings);
}

std::string print_rows(const std::vector<setting>& rows) {
  std::string out;
  for (const auto& row : rows)
    out += std::string(row.key) + ": " + to_yaml(row) + "\n";
  return out;
}

} // namespace opr::config
