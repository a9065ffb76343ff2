#include "config/environment.hpp"

#include "config/nearest.hpp"

#include <algorithm>
#include <unistd.h>
#include <utility>

namespace opr::config {

namespace {

bool starts_with(std::string_view name, std::string_view prefix) {
  return name.substr(0, prefix.size()) == prefix;
}

std::string upper(std::string_view key) {
  std::string out(key);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
  return out;
}

std::string lower(std::string_view name) {
  std::string out(name);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return out;
}

/// The part of a variable's name behind the prefix that it has, or nothing.
std::string_view without_prefix(std::string_view variable, const variable_names& names) {
  for (auto prefix : names.prefixes)
    if (starts_with(variable, prefix))
      return variable.substr(prefix.size());
  return {};
}

/// All names of a setting, the strongest first.
std::vector<std::string> spellings(const setting& row, const variable_names& names) {
  std::vector<std::string> out;
  for (auto prefix : names.prefixes)
    out.push_back(std::string(prefix) + upper(row.key));
  out.insert(out.end(), row.aliases.begin(), row.aliases.end());
  return out;
}

const std::string* find(const environment& env, std::string_view name) {
  for (const auto& [variable, value] : env.variables)
    if (variable == name)
      return &value;
  return nullptr;
}

struct variable {
  std::string name;
  std::string value;
};

/// Those of a setting's variables that are set, the strongest first.
std::vector<variable> variables_of(const setting& row, const variable_names& names, const environment& env) {
  std::vector<variable> out;
  for (auto& name : spellings(row, names)) {
    const auto* value = find(env, name);
    // A name of another program, such as DOCKER_HOST, means nothing when it is empty.
    bool means_nothing = value && value->empty() && without_prefix(name, names).empty();
    if (value && !means_nothing)
      out.push_back({std::move(name), *value});
  }
  return out;
}

std::string overridden(const variable& weaker, const variable& winner) {
  return weaker.name + " has no effect: " + winner.name + " is set and wins";
}

std::optional<failure> apply_row(const setting& row, const variable_names& names, const environment& env,
                                 std::vector<std::string>& warnings) {
  auto found = variables_of(row, names, env);
  if (found.empty())
    return std::nullopt;
  const auto& winner = found.front();
  for (const auto& weaker : found)
    if (weaker.value != winner.value)
      warnings.push_back(overridden(weaker, winner));
  auto complaint = assign(row, {{winner.value}});
  if (!complaint)
    return std::nullopt;
  if (!winner.value.empty())
    return failure{ec::general_argument_invalid, winner.name + " " + *complaint};
  // Compose files hand on what an operator left empty.
  warnings.push_back(winner.name + " is empty and has no effect");
  return std::nullopt;
}

bool is_known(std::string_view variable, const std::vector<setting>& rows, const variable_names& names) {
  if (names.is_read_elsewhere != nullptr && names.is_read_elsewhere(lower(without_prefix(variable, names))))
    return true;
  return std::any_of(rows.begin(), rows.end(), [&](const setting& row) {
    auto known = spellings(row, names);
    return std::find(known.begin(), known.end(), variable) != known.end();
  });
}

std::string warning_of(std::string_view variable, const std::vector<setting>& rows,
                       const variable_names& names) {
  auto key = lower(without_prefix(variable, names));
  if (auto why = needless(key, variable, names))
    return *why;
  if (is_unsupported(key, names))
    return std::string(variable) + " is not supported by this version and has no effect";
  auto meant = nearest_key(key, rows);
  auto prefix = variable.substr(0, variable.size() - key.size());
  return "unknown variable " + shown(variable) + " has no effect" +
         (meant.empty() ? "" : "; did you mean " + std::string(prefix) + upper(meant) + "?");
}

} // namespace

environment environment::of_process() {
  environment out;
  for (char** entry = environ; *entry; ++entry) {
    std::string_view both = *entry;
    auto equals = both.find('=');
    if (equals != std::string_view::npos)
      out.variables.emplace_back(both.substr(0, equals), both.substr(equals + 1));
  }
  return out;
}

std::string variable_called(std::string_view key, const variable_names& names) {
  return std::string(names.prefixes.front()) + upper(key);
}

const std::string* find_variable(std::string_view key, const variable_names& names, const environment& env) {
  for (auto prefix : names.prefixes)
    if (const auto* value = find(env, std::string(prefix) + upper(key)))
      return value;
  return nullptr;
}

bool is_unsupported(std::string_view key, const variable_names& names) {
  return std::any_of(names.unsupported.begin(), names.unsupported.end(), [&](std::string_view known) {
    return known.back() == '*' ? starts_with(key, known.substr(0, known.size() - 1)) : key == known;
  });
}

std::optional<std::string> needless(std::string_view key, std::string_view name,
                                    const variable_names& names) {
  for (auto [known, why] : names.needless)
    if (key == known)
      return std::string(name) + " has no effect: " + std::string(why);
  return std::nullopt;
}

std::optional<failure> apply_environment(const std::vector<setting>& rows, const variable_names& names,
                                         const environment& env, std::vector<std::string>& warnings) {
  for (const auto& row : rows)
    if (auto wrong = apply_row(row, names, env, warnings))
      return wrong;
  for (const auto& [variable, value] : env.variables) {
    auto key = lower(without_prefix(variable, names));
    bool asks_for_nothing = value.empty() && is_unsupported(key, names);
    if (!key.empty() && !asks_for_nothing && !is_known(variable, rows, names))
      warnings.push_back(warning_of(variable, rows, names));
  }
  return std::nullopt;
}

} // namespace opr::config
