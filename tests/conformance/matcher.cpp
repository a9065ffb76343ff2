#include "tests/conformance/matcher.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <regex>
#include <stdexcept>
#include <utility>

namespace opr::conformance {

namespace {

using complaint = std::optional<std::string>;

std::string shown(const json& value) {
  auto text = as_json(value);
  return text.size() > 300 ? text.substr(0, 300) + "… (" + std::to_string(text.size()) + " bytes)" : text;
}

complaint unless(bool holds, const json& actual, const std::string& rule) {
  return holds ? complaint{} : shown(actual) + " should " + rule;
}

bool has_type(const json& value, const std::string& type) {
  using test = std::function<bool(const json&)>;
  static const std::array<std::pair<std::string, test>, 8> types{{
      {"string", [](const json& v) { return v.IsString(); }},
      {"int", [](const json& v) { return v.IsInt64() || v.IsUint64(); }},
      {"number", [](const json& v) { return v.IsNumber(); }},
      {"bool", [](const json& v) { return v.IsBool(); }},
      {"array", [](const json& v) { return v.IsArray(); }},
      {"object", [](const json& v) { return v.IsObject(); }},
      {"null", [](const json& v) { return v.IsNull(); }},
      {"any", [](const json&) { return true; }},
  }};
  for (const auto& [name, is] : types)
    if (name == type)
      return is(value);
  throw std::runtime_error("there is no type " + type);
}

double size_of(const json& value) {
  if (value.IsString())
    return value.GetStringLength();
  return value.IsArray() ? value.Size() : value.IsObject() ? value.MemberCount() : -1;
}

complaint all_texts(const json& actual, const json& texts, bool wanted) {
  auto whole = text_of(actual);
  auto check = [&](const json& text) {
    bool found = whole.find(text_of(text)) != std::string::npos;
    return unless(found == wanted, actual, (wanted ? "contain " : "not contain ") + shown(text));
  };
  if (!texts.IsArray())
    return check(texts);
  for (const auto& text : texts.GetArray())
    if (auto wrong = check(text))
      return wrong;
  return {};
}

complaint size_rule(const json& actual, const json& expected) {
  json size{size_of(actual)};
  auto wrong = mismatch(&size, expected);
  return wrong ? "the size " + *wrong : wrong;
}

complaint json_rule(const json& actual, const json& expected) {
  document inside;
  auto text = text_of(actual);
  inside.Parse(text.data(), text.size());
  if (inside.HasParseError())
    return shown(actual) + " should be JSON";
  return mismatch_in(inside, expected);
}

complaint each_rule(const json& actual, const json& expected) {
  if (!actual.IsArray())
    return shown(actual) + " should be a list";
  for (const auto& item : actual.GetArray())
    if (auto wrong = mismatch(&item, expected))
      return wrong;
  return {};
}

complaint any_rule(const json& actual, const json& expected) {
  if (actual.IsArray())
    for (const auto& item : actual.GetArray())
      if (!mismatch(&item, expected))
        return {};
  return shown(actual) + " should have an item that is " + shown(expected);
}

complaint one_of_rule(const json& actual, const json& expected) {
  for (const auto& one : expected.GetArray())
    if (!mismatch(&actual, one))
      return {};
  return unless(false, actual, "be one of " + shown(expected));
}

complaint not_rule(const json& actual, const json& expected) {
  return unless(mismatch(&actual, expected).has_value(), actual, "not be " + shown(expected));
}

complaint matches_rule(const json& actual, const json& pattern) {
  return unless(std::regex_search(text_of(actual), std::regex(text_of(pattern))), actual,
                "match " + text_of(pattern));
}

complaint range_rule(const json& actual, const json& limit, bool least) {
  bool holds = actual.IsNumber() &&
               (least ? actual.GetDouble() >= limit.GetDouble() : actual.GetDouble() <= limit.GetDouble());
  return unless(holds, actual, (least ? "be at least " : "be at most ") + shown(limit));
}

complaint rule(const std::string& name, const json& actual, const json& argument) {
  using check = std::function<complaint(const json&, const json&)>;
  static const std::map<std::string, check> rules{
      {"type", [](const json& a,
                  const json& e) { return unless(has_type(a, text_of(e)), a, "be of type " + text_of(e)); }},
      {"matches", matches_rule},
      {"contains", [](const json& a, const json& e) { return all_texts(a, e, true); }},
      {"lacks", [](const json& a, const json& e) { return all_texts(a, e, false); }},
      {"min", [](const json& a, const json& e) { return range_rule(a, e, true); }},
      {"max", [](const json& a, const json& e) { return range_rule(a, e, false); }},
      {"size", size_rule},
      {"json", json_rule},
      {"paths", mismatch_in},
      {"each", each_rule},
      {"any", any_rule},
      {"one_of", one_of_rule},
      {"not", not_rule},
      {"equals", [](const json& a, const json& e) { return unless(a == e, a, "be " + shown(e)); }},
  };
  auto found = rules.find(name);
  if (found == rules.end())
    throw std::runtime_error("there is no rule " + name);
  return found->second(actual, argument);
}

complaint same_list(const json& actual, const json& expected) {
  if (!actual.IsArray() || actual.Size() != expected.Size())
    return unless(false, actual, "be the list " + shown(expected));
  for (rapidjson::SizeType i = 0; i < expected.Size(); ++i)
    if (auto wrong = mismatch(&actual[i], expected[i]))
      return wrong;
  return {};
}

} // namespace

std::optional<std::string> mismatch(const json* actual, const json& expected) {
  if (expected.IsNull())
    return actual == nullptr ? complaint{} : shown(*actual) + " should not be there";
  if (actual == nullptr)
    return "is missing, but should be " + shown(expected);
  if (expected.IsArray())
    return same_list(*actual, expected);
  if (expected.IsNumber())
    return unless(actual->IsNumber() && actual->GetDouble() == expected.GetDouble(), *actual,
                  "be " + shown(expected));
  if (!expected.IsObject())
    return unless(*actual == expected, *actual, "be " + shown(expected));
  for (const auto& entry : expected.GetObject())
    if (auto wrong = rule(text_of(entry.name), *actual, entry.value))
      return wrong;
  return {};
}

std::optional<std::string> mismatch_in(const json& actual, const json& expected_by_path) {
  for (const auto& entry : expected_by_path.GetObject()) {
    auto path = text_of(entry.name);
    if (auto wrong = mismatch(at_path(actual, path), entry.value))
      return path + ": " + *wrong;
  }
  return {};
}

const json* at_path(const json& value, const std::string& path) {
  if (path == ".")
    return &value;
  const json* at = &value;
  for (std::size_t begin = 0; begin <= path.size();) {
    auto dot = std::min(path.find('.', begin), path.size());
    auto step = path.substr(begin, dot - begin);
    begin = dot + 1;
    bool is_index = !step.empty() && step.find_first_not_of("0123456789") == std::string::npos;
    if (at->IsArray() && is_index && std::stoul(step) < at->Size())
      at = &(*at)[static_cast<rapidjson::SizeType>(std::stoul(step))];
    else if (at->IsObject() && at->HasMember(step.c_str()))
      at = &(*at)[step.c_str()];
    else
      return nullptr;
  }
  return at;
}

} // namespace opr::conformance
