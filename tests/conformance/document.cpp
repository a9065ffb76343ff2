#include "tests/conformance/document.hpp"

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>
#include <yaml-cpp/yaml.h>

#include <charconv>
#include <stdexcept>

namespace opr::conformance {

namespace {

using allocator = document::AllocatorType;

template <class Number>
bool reads_as(const std::string& text, Number& into) {
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), into);
  return !text.empty() && error == std::errc{} && end == text.data() + text.size();
}

json scalar(const YAML::Node& node, allocator& memory) {
  const auto& text = node.Scalar();
  int64_t whole = 0;
  double number = 0;
  bool is_plain = node.Tag() == "?";
  if (is_plain && (text == "true" || text == "false"))
    return json{text == "true"};
  if (is_plain && reads_as(text, whole))
    return json{whole};
  if (is_plain && reads_as(text, number))
    return json{number};
  return {text.data(), static_cast<rapidjson::SizeType>(text.size()), memory};
}

json convert(const YAML::Node& node, allocator& memory) {
  if (node.IsScalar())
    return scalar(node, memory);
  if (node.IsSequence()) {
    json list{rapidjson::kArrayType};
    for (const auto& item : node)
      list.PushBack(convert(item, memory), memory);
    return list;
  }
  if (!node.IsMap())
    return json{};
  json object{rapidjson::kObjectType};
  for (const auto& entry : node) {
    json key{entry.first.Scalar().c_str(), memory};
    object.AddMember(key, convert(entry.second, memory), memory);
  }
  return object;
}

std::string as_text(const json& value) { return {value.GetString(), value.GetStringLength()}; }

std::string from_hex(const std::string& digits) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2)
    bytes += static_cast<char>(std::stoi(digits.substr(i, 2), nullptr, 16));
  return bytes;
}

std::string repeated(const std::string& text, int64_t times) {
  std::string all;
  all.reserve(text.size() * static_cast<std::size_t>(times));
  while (times-- > 0)
    all += text;
  return all;
}

bool is_name(const std::string& text) {
  return !text.empty() &&
         text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string::npos;
}

const json& value_of(const std::string& name, const variables& with) {
  auto found = with.find(name);
  if (found == with.end())
    throw std::runtime_error("there is no variable ${" + name + "}");
  return *found->second;
}

/// The variable that is the whole text, if it is nothing else.
std::string sole_variable(const std::string& text) {
  if (text.size() < 4 || text.compare(0, 2, "${") != 0 || text.find('}') != text.size() - 1)
    return {};
  auto name = text.substr(2, text.size() - 3);
  return is_name(name) ? name : "";
}

std::string put_in(const std::string& text, const variables& with) {
  std::string out;
  std::size_t done = 0;
  for (auto at = text.find("${"); at != std::string::npos; at = text.find("${", at + 2)) {
    auto end = text.find('}', at);
    auto name = end == std::string::npos ? "" : text.substr(at + 2, end - at - 2);
    if (!is_name(name))
      continue;
    out += text.substr(done, at - done) + text_of(value_of(name, with));
    done = end + 1;
  }
  return out + text.substr(done);
}

json made_text(const std::string& text, allocator& memory) {
  return {text.data(), static_cast<rapidjson::SizeType>(text.size()), memory};
}

json expanded(const json& pattern, const variables& with, allocator& memory);

json expanded_object(const json& pattern, const variables& with, allocator& memory) {
  if (pattern.MemberCount() == 1 && pattern.HasMember("$hex"))
    return made_text(from_hex(text_of(pattern["$hex"])), memory);
  if (pattern.MemberCount() == 1 && pattern.HasMember("$repeat")) {
    const auto& [text, times] =
        std::make_pair(std::cref(pattern["$repeat"][0]), pattern["$repeat"][1].GetInt64());
    return made_text(repeated(put_in(text_of(text), with), times), memory);
  }
  json object{rapidjson::kObjectType};
  for (const auto& entry : pattern.GetObject()) {
    auto key = made_text(put_in(as_text(entry.name), with), memory);
    object.RemoveMember(key); // The later one of two keys that have become the same.
    object.AddMember(key, expanded(entry.value, with, memory), memory);
  }
  return object;
}

json expanded(const json& pattern, const variables& with, allocator& memory) {
  if (pattern.IsString()) {
    auto text = as_text(pattern);
    auto name = sole_variable(text);
    return name.empty() ? made_text(put_in(text, with), memory) : json{value_of(name, with), memory};
  }
  if (pattern.IsObject())
    return expanded_object(pattern, with, memory);
  if (!pattern.IsArray())
    return {pattern, memory};
  json list{rapidjson::kArrayType};
  for (const auto& item : pattern.GetArray())
    list.PushBack(expanded(item, with, memory), memory);
  return list;
}

} // namespace

document read_yaml(const std::string& path) {
  try {
    document read;
    static_cast<json&>(read) = convert(YAML::LoadFile(path), read.GetAllocator());
    return read;
  } catch (const YAML::Exception& error) {
    throw std::runtime_error(path + ":" + std::to_string(error.mark.line + 1) + ": " + error.msg);
  }
}

document expand(const json& pattern, const variables& with) {
  document made;
  static_cast<json&>(made) = expanded(pattern, with, made.GetAllocator());
  return made;
}

std::string text_of(const json& value) { return value.IsString() ? as_text(value) : as_json(value); }

std::string as_json(const json& value) {
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer{buffer};
  value.Accept(writer);
  return {buffer.GetString(), buffer.GetSize()};
}

document text_value(const std::string& text) {
  document made;
  made.SetString(text.data(), static_cast<rapidjson::SizeType>(text.size()), made.GetAllocator());
  return made;
}

document copy_of(const json& value) {
  document made;
  made.CopyFrom(value, made.GetAllocator());
  return made;
}

const json& member(const json& object, const char* key) {
  static const json nothing;
  return object.IsObject() && object.HasMember(key) ? object[key] : nothing;
}

void merge(document& into, const json& members) {
  if (!into.IsObject())
    into.SetObject();
  for (const auto& entry : members.GetObject()) {
    into.RemoveMember(entry.name);
    json key{entry.name, into.GetAllocator()};
    into.AddMember(key, json{entry.value, into.GetAllocator()}, into.GetAllocator());
  }
}

} // namespace opr::conformance
