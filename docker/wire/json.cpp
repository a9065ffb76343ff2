#include "docker/wire/json.hpp"

namespace opr::docker::json {

bool parse(rapidjson::Document& into, std::string_view text) {
  into.Parse<rapidjson::kParseValidateEncodingFlag | rapidjson::kParseIterativeFlag>(text.data(),
                                                                                     text.size());
  return !into.HasParseError();
}

const value* find(const value& object, const char* name) noexcept {
  if (!object.IsObject())
    return nullptr;
  auto member = object.FindMember(name);
  return member == object.MemberEnd() ? nullptr : &member->value;
}

bool read(const value& object, const char* name, std::string& into) {
  const auto* member = find(object, name);
  if (member == nullptr || !member->IsString())
    return false;
  into.assign(member->GetString(), member->GetStringLength());
  return true;
}

bool read(const value& object, const char* name, bool& into) noexcept {
  const auto* member = find(object, name);
  if (member == nullptr || !member->IsBool())
    return false;
  into = member->GetBool();
  return true;
}

bool read(const value& object, const char* name, int& into) noexcept {
  const auto* member = find(object, name);
  if (member == nullptr || !member->IsInt())
    return false;
  into = member->GetInt();
  return true;
}

bool read(const value& object, const char* name, int64_t& into) noexcept {
  const auto* member = find(object, name);
  if (member == nullptr || !member->IsInt64())
    return false;
  into = member->GetInt64();
  return true;
}

writer& writer::open_object() {
  writer_.StartObject();
  return *this;
}

writer& writer::close_object() {
  writer_.EndObject();
  return *this;
}

writer& writer::open_array() {
  writer_.StartArray();
  return *this;
}

writer& writer::close_array() {
  writer_.EndArray();
  return *this;
}

writer& writer::key(const std::string& name) {
  valid_ = writer_.Key(name.data(), static_cast<rapidjson::SizeType>(name.size())) && valid_;
  return *this;
}

writer& writer::text(const std::string& words) {
  valid_ = writer_.String(words.data(), static_cast<rapidjson::SizeType>(words.size())) && valid_;
  return *this;
}

writer& writer::number(int64_t amount) {
  writer_.Int64(amount);
  return *this;
}

writer& writer::boolean(bool yes) {
  writer_.Bool(yes);
  return *this;
}

std::optional<std::string> writer::finish() const {
  if (!valid_)
    return std::nullopt;
  return std::string(buffer_.GetString(), buffer_.GetSize());
}

} // namespace opr::docker::json
