#pragma once

#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// The little of JSON that the Engine's API needs; nothing here trusts the shape of what was received.
namespace opr::docker::json {

using value = rapidjson::Value;

/// Parses a whole document. Bad UTF-8 is an error, and deep nesting costs no stack.
/// @returns Whether it was JSON.
bool parse(rapidjson::Document& into, std::string_view text);

/// The member of that name, or nullptr; also when `object` is no object.
const value* find(const value& object, const char* name) noexcept;

/// Copies a member out. @returns False, with `into` untouched, if it is missing or of another type.
bool read(const value& object, const char* name, std::string& into);
bool read(const value& object, const char* name, bool& into) noexcept;
bool read(const value& object, const char* name, int& into) noexcept;
bool read(const value& object, const char* name, int64_t& into) noexcept;

/// Writes a document, in order. Text that isn't UTF-8 spoils the whole: see `finish`.
class writer {
public:
  writer& open_object();
  writer& close_object();
  writer& open_array();
  writer& close_array();
  writer& key(const std::string& name);
  writer& text(const std::string& words);
  writer& number(int64_t amount);
  writer& boolean(bool yes);

  /// The document, or nothing if some text was not valid UTF-8.
  std::optional<std::string> finish() const;

private:
  rapidjson::StringBuffer buffer_;
  rapidjson::Writer<rapidjson::StringBuffer, rapidjson::UTF8<>, rapidjson::UTF8<>, rapidjson::CrtAllocator,
                    rapidjson::kWriteValidateEncodingFlag>
      writer_{buffer_};
  bool valid_ = true; // the library reports bad text once and leaves half a document in the buffer
};

} // namespace opr::docker::json
