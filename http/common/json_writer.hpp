#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace opr::http {

/// Writes JSON to the end of a text, in one pass and without a copy of its own (RapidJSON's writer fills a
/// buffer that has to be copied, and makes room for six times a string's length). Texts may hold any bytes:
/// what is no UTF-8 becomes U+FFFD.
class json_writer {
public:
  explicit json_writer(std::string& into) : out_(into) {}

  json_writer& begin_object() { return open('{'); }
  json_writer& end_object() { return close('}'); }
  json_writer& begin_array() { return open('['); }
  json_writer& end_array() { return close(']'); }
  json_writer& key(std::string_view name);
  json_writer& text(std::string_view value);
  json_writer& whole(int64_t value);
  json_writer& number(double value);

  json_writer& field(std::string_view name, std::string_view value) { return key(name).text(value); }
  json_writer& field(std::string_view name, int64_t value) { return key(name).whole(value); }
  json_writer& field(std::string_view name, double value) { return key(name).number(value); }

private:
  json_writer& open(char bracket);
  json_writer& close(char bracket);
  void separate();
  void quote(std::string_view utf8);

  std::string& out_;
  bool follows_ = false; ///< A value stands before what comes next.
};

/// A number as JSON and forms have it: always with a point or an exponent; 0.0 for what isn't finite.
void append_number(std::string& out, double value);

} // namespace opr::http
