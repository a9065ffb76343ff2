#pragma once

#include "config/load.hpp"
#include "config/setting.hpp"
#include "core/error.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace opr::config {

/// How the settings of a program are called in the environment: a prefix and the key in upper case.
struct variable_names {
  std::vector<std::string_view> prefixes; ///< The strongest first: it wins where several spellings are set.
  /// Keys that other versions know and this one has no use for; a `*` at the end stands for anything.
  std::vector<std::string_view> unsupported;
  /// Keys of other versions that are accepted and ignored, each with the reason, which is told at start.
  std::vector<std::pair<std::string_view, std::string_view>> needless;
  /// Whether a key that is no row's is read all the same; may be empty.
  bool (*is_read_elsewhere)(std::string_view key) = nullptr;
};

/// The strongest name of a key: `OPR_EXECUTOR_PORT` for `port`.
std::string variable_called(std::string_view key, const variable_names& names);
/// What the strongest name of a key that is set says; nullptr if none is.
const std::string* find_variable(std::string_view key, const variable_names& names, const environment& env);

/// Whether `key` is a setting of other versions.
bool is_unsupported(std::string_view key, const variable_names& names);

/// Why a key is accepted and ignored, as a warning that begins with `name`; nothing if it is not such a key.
std::optional<std::string> needless(std::string_view key, std::string_view name, const variable_names& names);

/// Writes what the environment says to the members of the rows. Warns of unknown names that begin with one of
/// the prefixes, and of spellings that a stronger one overrides.
/// @returns The first variable whose value breaks its rule, with the rule.
std::optional<failure> apply_environment(const std::vector<setting>& rows, const variable_names& names,
                                         const environment& env, std::vector<std::string>& warnings);

} // namespace opr::config
