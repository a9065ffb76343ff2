#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace opr::config {

/// A value as somebody wrote it; nothing is converted yet.
struct raw_value {
  std::vector<std::string> items; ///< Exactly one unless it is a list.
  bool is_list = false;
};

// The kinds of settings. Each writes to the member that it points to, and knows its rule in words, such that
// "must be <rule>" is a sentence.

/// One of two words.
struct flag {
  bool* member;
  std::string_view when_true;
  std::string_view when_false;
};

/// A text that `accepts` agrees to. It may be empty if `accepts` says so.
struct text {
  std::string* member;
  bool (*accepts)(std::string_view);
  std::string_view rule;
  /// The text as it may be printed, where a part of it is secret.
  std::string (*masked)(std::string_view) = nullptr;
};

/// One or more different texts, as a list or separated by commas; none if `may_be_empty`.
struct text_list {
  std::vector<std::string>* member;
  bool (*accepts)(std::string_view item);
  std::string_view rule;
  bool may_be_empty = false;
};

/// A whole number, decimal.
struct number {
  std::variant<uint16_t*, unsigned*> member;
  unsigned min;
  unsigned max;
};

/// A decimal number, with or without a fraction.
struct fraction {
  double* member;
  double min;
  double max;
};

/// A whole number of seconds or milliseconds.
struct duration {
  std::chrono::milliseconds* member;
  std::chrono::milliseconds unit; ///< 1 s or 1 ms.
  unsigned min;                   ///< In units, as is `max`.
  unsigned max;
};

/// One row of a program's table of settings. The YAML file, the environment, what is printed and the checks
/// of the documentation all come from these rows.
struct setting {
  std::string_view key; ///< In the YAML file; in upper case and behind a prefix, its name in the environment.
  std::variant<flag, text, text_list, number, fraction, duration> kind;
  bool secret = false; ///< Masked when printed.
  std::vector<std::string_view> aliases =
      {}; ///< Further whole names in the environment, the strongest first.
};

/// What stands in print for a secret. Read back, it counts as empty: a mask must never become a password.
inline constexpr std::string_view mask = "********";

/// The rule in words: "a whole number from 0 to 65535".
std::string rule_of(const setting& row);

/// Checks the value and writes it to the row's member.
/// @returns What is wrong with it ("must be …"), if anything; the member is then untouched.
std::optional<std::string> assign(const setting& row, raw_value value);

/// The current value as YAML, secrets masked.
std::string to_yaml(const setting& row);

} // namespace opr::config
