#include "config/setting.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace opr::config {

namespace {

using complaint = std::optional<std::string>;

std::string range(unsigned min, unsigned max) {
  return " from " + std::to_string(min) + " to " + std::to_string(max);
}

std::string rule(const flag& kind) {
  return "either " + std::string(kind.when_true) + " or " + std::string(kind.when_false);
}

std::string rule(const text& kind) { return std::string(kind.rule); }

std::string rule(const text_list& kind) { return std::string(kind.rule); }

std::string rule(const number& kind) { return "a whole number" + range(kind.min, kind.max); }

std::string decimal(double value) {
  std::array<char, 32> digits{};
  auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  return {digits.data(), end};
}

std::string rule(const fraction& kind) {
  return "a number from " + decimal(kind.min) + " to " + decimal(kind.max);
}

std::string rule(const duration& kind) {
  auto unit = kind.unit == std::chrono::seconds(1) ? "seconds" : "milliseconds";
  return std::string("a whole number of ") + unit + range(kind.min, kind.max);
}

template <class Kind>
std::string must_be(const Kind& kind, const std::string& item) {
  return "must be " + rule(kind) + (item.empty() ? ", but is empty" : "");
}

/// Decimal digits only: no sign, no `0x`, and `010` is ten.
std::optional<unsigned> whole_number(std::string_view digits, unsigned min, unsigned max) {
  unsigned value = 0;
  auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc{} || end != digits.data() + digits.size() || value < min || value > max)
    return std::nullopt;
  return value;
}

complaint store(const flag& kind, const std::string& item) {
  if (item != kind.when_true && item != kind.when_false)
    return must_be(kind, item);
  *kind.member = item == kind.when_true;
  return std::nullopt;
}

complaint store(const text& kind, const std::string& item) {
  if (!kind.accepts(item))
    return must_be(kind, item);
  *kind.member = item;
  return std::nullopt;
}

complaint store(const number& kind, const std::string& item) {
  auto value = whole_number(item, kind.min, kind.max);
  if (!value)
    return must_be(kind, item);
  std::visit([&](auto* member) { *member = static_cast<std::decay_t<decltype(*member)>>(*value); },
             kind.member);
  return std::nullopt;
}

complaint store(const fraction& kind, const std::string& item) {
  double value = 0;
  auto [end, error] =
      std::from_chars(item.data(), item.data() + item.size(), value, std::chars_format::fixed);
  bool fits =
      error == std::errc{} && end == item.data() + item.size() && value >= kind.min && value <= kind.max;
  if (!fits)
    return must_be(kind, item);
  *kind.member = value;
  return std::nullopt;
}

complaint store(const duration& kind, const std::string& item) {
  auto value = whole_number(item, kind.min, kind.max);
  if (!value)
    return must_be(kind, item);
  *kind.member = *value * kind.unit;
  return std::nullopt;
}

std::vector<std::string> split_at_commas(std::string_view joined) {
  std::vector<std::string> parts;
  while (true) {
    auto comma = joined.find(',');
    auto part = joined.substr(0, comma);
    auto first = std::min(part.find_first_not_of(' '), part.size());
    auto last = part.find_last_not_of(' ');
    parts.emplace_back(part.substr(first, last - first + 1));
    if (comma == std::string_view::npos)
      return parts;
    joined.remove_prefix(comma + 1);
  }
}

complaint store(const text_list& kind, raw_value value, bool secret) {
  auto items = value.is_list ? std::move(value.items) : split_at_commas(value.items.front());
  if (kind.may_be_empty && items == std::vector<std::string>{""})
    items.clear();
  if (items.empty() && !kind.may_be_empty)
    return must_be(kind, "");
  for (auto item = items.begin(); item != items.end(); ++item) {
    if (!kind.accepts(*item))
      return must_be(kind, *item) + (item->empty() ? " in one place"
                                     : secret      ? ""
                                                   : "; '" + *item + "' is not");
    if (std::find(items.begin(), item, *item) != item)
      return secret ? "names one twice" : "names '" + *item + "' twice";
  }
  *kind.member = std::move(items);
  return std::nullopt;
}

template <class Kind>
complaint store(const Kind& kind, raw_value value, bool) {
  if (value.is_list)
    return "must be a single value, not a list";
  return store(kind, value.items.front());
}

/// No setting has a use for them, and in logs, header fields and paths they do harm.
bool has_control_characters(const raw_value& value) {
  auto is_control = [](unsigned char c) { return c < 0x20 || c == 0x7f; };
  return std::any_of(value.items.begin(), value.items.end(), [&](const std::string& item) {
    return std::any_of(item.begin(), item.end(), is_control);
  });
}

std::string quoted(std::string_view plain) {
  std::string out = "\"";
  for (char c : plain) {
    if (c == '"' || c == '\\')
      out += '\\';
    out += c;
  }
  return out + '"';
}

std::string yaml(const flag& kind) { return std::string(*kind.member ? kind.when_true : kind.when_false); }

std::string yaml(const text& kind) {
  return quoted(kind.masked != nullptr ? kind.masked(*kind.member) : *kind.member);
}

std::string yaml(const text_list& kind) {
  std::string out;
  for (const auto& item : *kind.member)
    out += (out.empty() ? "" : ", ") + quoted(item);
  return "[" + out + "]";
}

std::string yaml(const number& kind) {
  return std::visit([](const auto* member) { return std::to_string(*member); }, kind.member);
}

std::string yaml(const fraction& kind) { return decimal(*kind.member); }

std::string yaml(const duration& kind) { return std::to_string(*kind.member / kind.unit); }

} // namespace

std::string rule_of(const setting& row) {
  return std::visit([](const auto& kind) { return rule(kind); }, row.kind);
}

std::optional<std::string> assign(const setting& row, raw_value value) {
  if (has_control_characters(value))
    return "must not hold control characters";
  if (row.secret && !value.is_list && value.items.front() == mask)
    value.items.front().clear();
  return std::visit([&](const auto& kind) { return store(kind, std::move(value), row.secret); }, row.kind);
}

std::string to_yaml(const setting& row) {
  auto value = std::visit([](const auto& kind) { return yaml(kind); }, row.kind);
  return row.secret && value != quoted("") && value != "[]" ? quoted(mask) : value;
}

} // namespace opr::config
