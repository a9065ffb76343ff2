#include "http/api/params.hpp"

#include "core/utf8.hpp"
#include "http/api/field_text.hpp"
#include "http/api/json_reader.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace opr::http {

namespace {

std::string_view as_view(const rapidjson::Value& value) {
  return {value.GetString(), value.GetStringLength()};
}

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80; }));
}

bool has_nul(std::string_view text) { return text.find('\0') != std::string_view::npos; }

std::string number_text(double value) {
  std::array<char, 32> text{};
  auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), value);
  return {text.data(), error == std::errc{} ? end : text.data()};
}

/// A scalar as text; nothing for lists and objects.
std::optional<std::string> scalar_text(const rapidjson::Value& value) {
  if (value.IsString())
    return std::string{as_view(value)};
  if (value.IsBool())
    return value.GetBool() ? "true" : "false";
  if (value.IsNull())
    return "";
  if (value.IsInt64())
    return std::to_string(value.GetInt64());
  if (value.IsUint64())
    return std::to_string(value.GetUint64());
  if (value.IsDouble())
    return number_text(value.GetDouble());
  return std::nullopt;
}

/// A number, also one written as text.
std::optional<double> number_of(const rapidjson::Value& value) {
  if (value.IsNumber())
    return value.GetDouble();
  if (!value.IsString())
    return std::nullopt;
  auto text = as_view(value);
  double read = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), read);
  if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(read))
    return std::nullopt;
  return read;
}

} // namespace

const rapidjson::Value* params::find(const char* name) const {
  std::string_view wanted{name};
  for (auto member = object_.MemberEnd(); member != object_.MemberBegin();)
    if (as_view((--member)->name) == wanted)
      return member->value.IsNull() ? nullptr : &member->value;
  return nullptr;
}

/// The same where an empty text stands for nothing, as forms send it.
const rapidjson::Value* params::find_filled(const char* name) const {
  const auto* value = find(name);
  return value != nullptr && value->IsString() && value->GetStringLength() == 0 ? nullptr : value;
}

/// A list or an object, also one that comes as JSON text; PHP writes an empty object as `[]`.
/// @param parsed Holds what the text says.
/// @param rule What is broken if the text is no JSON.
/// @returns nullptr if the parameter is absent or empty, or has been refused.
const rapidjson::Value* params::find_nested(const char* name, std::unique_ptr<rapidjson::Document>& parsed,
                                            std::string_view rule) {
  const auto* value = find_filled(name);
  if (value != nullptr && value->IsString()) {
    parsed = std::make_unique<rapidjson::Document>();
    if (!parse_json(as_view(*value), *parsed)) {
      refuse(name, rule);
      return nullptr;
    }
    value = parsed.get();
  }
  auto empty = value == nullptr || value->IsNull() || (value->IsArray() && value->Empty());
  return empty ? nullptr : value;
}

void params::refuse(std::string_view name, std::string_view rule) {
  if (!refused_)
    refused_ = failure{ec::general_argument_invalid,
                       "Parameter \"" + std::string(name) + "\" must " + std::string(rule) + "."};
}

void params::check_text(std::string_view name, std::string_view read, std::size_t least, std::size_t most) {
  auto length = characters(read);
  if (length < least || length > most)
    refuse(name, "be " + std::to_string(least) + " to " + std::to_string(most) + " characters long");
  else if (has_nul(read))
    refuse(name, "not contain NUL bytes");
  else if (!is_utf8(read))
    refuse(name, "be UTF-8");
}

std::string params::text(const char* name, std::size_t least, std::size_t most) {
  const auto* value = find(name);
  if (value == nullptr || !value->IsString()) {
    if (value != nullptr || least > 0)
      refuse(name, "be a string");
    return {};
  }
  auto read = as_view(*value);
  check_text(name, read, least, most);
  return refused_ ? std::string{} : std::string{read};
}

std::string_view params::view(const char* name, std::size_t most_bytes) {
  const auto* value = find(name);
  if (value == nullptr)
    return {};
  if (!value->IsString())
    refuse(name, "be a string");
  else if (value->GetStringLength() > most_bytes)
    refuse(name, "be at most " + std::to_string(most_bytes) + " bytes long");
  else
    return as_view(*value);
  return {};
}

std::string params::choice(const char* name, std::string_view choices, std::string_view otherwise) {
  const auto* value = find_filled(name);
  if (value == nullptr)
    return std::string{otherwise};
  if (value->IsString()) {
    std::string wanted{as_view(*value)};
    for (auto rest = choices; !rest.empty(); rest.remove_prefix(rest.find(',') + 1))
      if (rest.substr(0, rest.find(',')) == wanted)
        return wanted;
  }
  refuse(name, "be one of " + std::string(choices.substr(0, choices.size() - 1)));
  return std::string{otherwise};
}

bool params::flag(const char* name, bool otherwise) {
  const auto* value = find(name);
  if (value == nullptr)
    return otherwise;
  auto text = scalar_text(*value).value_or("?");
  if (text == "true" || text == "1")
    return true;
  if (text == "false" || text == "0" || text.empty())
    return false;
  refuse(name, "be true or false");
  return otherwise;
}

double params::number(const char* name, double least, double most, double otherwise) {
  const auto* value = find_filled(name);
  if (value == nullptr)
    return otherwise;
  auto read = number_of(*value);
  if (read && *read >= least && *read <= most)
    return *read;
  refuse(name, "be a number from " + number_text(least) + " to " + number_text(most));
  return otherwise;
}

uint64_t params::whole(const char* name, uint64_t least, uint64_t most, uint64_t otherwise) {
  const auto* value = find_filled(name);
  if (value == nullptr)
    return otherwise;
  auto read = number_of(*value);
  if (read && *read >= static_cast<double>(least) && *read <= static_cast<double>(most) &&
      std::floor(*read) == *read)
    return static_cast<uint64_t>(*read);
  refuse(name, "be a whole number from " + std::to_string(least) + " to " + std::to_string(most));
  return otherwise;
}

std::chrono::milliseconds params::seconds(const char* name, std::chrono::milliseconds otherwise,
                                          std::chrono::milliseconds longest) {
  using fractional = std::chrono::duration<double>;
  auto read = number(name, 0.001, fractional(longest).count(), fractional(otherwise).count());
  return std::chrono::milliseconds{std::llround(read * 1000)};
}

variable_list params::variables(const char* name) {
  constexpr auto rule = "be an object";
  std::unique_ptr<rapidjson::Document> parsed;
  variable_list read;
  const auto* value = find_nested(name, parsed, rule);
  if (value == nullptr)
    return read;
  if (!value->IsObject()) {
    refuse(name, rule);
    return read;
  }
  for (const auto& member : value->GetObject()) {
    auto key = as_view(member.name);
    auto text = scalar_text(member.value);
    if (key.empty() || key.find('=') != std::string_view::npos || has_nul(key))
      refuse(name, "have names that are not empty and hold no \"=\"");
    else if (!text || has_nul(*text))
      refuse(name, "have values that are strings, numbers or booleans");
    else if (!is_utf8(key) || !is_utf8(*text)) // an escape can stand for half a character
      refuse(name, "be UTF-8");
    else
      read.emplace_back(std::string{key}, std::move(*text));
  }
  return read;
}

std::vector<std::string> params::texts(const char* name, std::size_t most, std::size_t longest) {
  const auto rule = "be a list of at most " + std::to_string(most) + " strings";
  std::unique_ptr<rapidjson::Document> parsed;
  std::vector<std::string> read;
  const auto* value = find_nested(name, parsed, rule);
  if (value == nullptr)
    return read;
  if (!value->IsArray() || value->Size() > most) {
    refuse(name, rule);
    return read;
  }
  for (const auto& one : value->GetArray()) {
    if (!one.IsString())
      refuse(name, rule);
    else
      check_text(name, as_view(one), 0, longest);
    if (refused_)
      return {};
    read.emplace_back(as_view(one));
  }
  return read;
}

header_list params::headers(const char* name) {
  constexpr auto rule = "be an object or JSON text of one";
  std::unique_ptr<rapidjson::Document> parsed;
  header_list read;
  const auto* value = find_nested(name, parsed, rule);
  if (value == nullptr)
    return read;
  if (!value->IsObject()) {
    refuse(name, rule);
    return read;
  }
  for (const auto& member : value->GetObject()) {
    if (!member.value.IsArray()) {
      read_header(name, as_view(member.name), member.value, read);
      continue;
    }
    for (const auto& one : member.value.GetArray())
      read_header(name, as_view(member.name), one, read);
  }
  return read;
}

void params::read_header(const char* name, std::string_view field, const rapidjson::Value& value,
                         header_list& into) {
  auto text = scalar_text(value);
  if (!is_token(field))
    return refuse(name, "have names that are HTTP tokens");
  if (!text || !is_field_value(*text))
    return refuse(name, "have values without control characters");
  into.push_back({std::string{field}, std::move(*text)});
}

} // namespace opr::http
