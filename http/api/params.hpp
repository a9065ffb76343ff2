#pragma once

#include "core/error.hpp"
#include "core/header_list.hpp"
#include "core/requests.hpp"
#include "core/result.hpp"

#include <rapidjson/document.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace opr::http {

/// Reads a request's parameters out of an object, see `read_parameters`, and checks them. The first rule that
/// is broken is kept as the failure and the rest reads as defaults, so that a decoder is one straight list.
/// `null` is an absent parameter; numbers and booleans may also come as strings, of which an empty one is no
/// number; lists and objects as JSON text. Of parameters with the same name the last counts.
class params {
public:
  explicit params(const rapidjson::Value& object) : object_(object) {}

  /// UTF-8 of `least` to `most` characters (code points), without NUL bytes; required if `least` > 0.
  std::string text(const char* name, std::size_t least, std::size_t most);
  /// Any bytes, left where they were parsed; absent: empty.
  std::string_view view(const char* name, std::size_t most_bytes);
  /// One of the choices, each ended by a comma: `"GET,POST,"`.
  std::string choice(const char* name, std::string_view choices, std::string_view otherwise);
  bool flag(const char* name, bool otherwise);
  double number(const char* name, double least, double most, double otherwise);
  uint64_t whole(const char* name, uint64_t least, uint64_t most, uint64_t otherwise);
  std::chrono::milliseconds seconds(const char* name, std::chrono::milliseconds otherwise,
                                    std::chrono::milliseconds longest = std::chrono::hours(24));
  /// An object of scalars; each value becomes text.
  variable_list variables(const char* name);
  /// An object of scalars or lists of them; names and values fit for HTTP.
  header_list headers(const char* name);
  /// At most `most` texts of at most `longest` characters each.
  std::vector<std::string> texts(const char* name, std::size_t most, std::size_t longest);

  /// Notes that a parameter breaks a rule: `Parameter "image" must …`.
  void refuse(std::string_view name, std::string_view rule);
  const std::optional<failure>& refused() const noexcept { return refused_; }

private:
  const rapidjson::Value* find(const char* name) const;
  const rapidjson::Value* find_filled(const char* name) const;
  const rapidjson::Value* find_nested(const char* name, std::unique_ptr<rapidjson::Document>& parsed,
                                      std::string_view rule);
  void check_text(std::string_view name, std::string_view read, std::size_t least, std::size_t most);
  void read_header(const char* name, std::string_view field, const rapidjson::Value& value,
                   header_list& into);

  const rapidjson::Value& object_;
  std::optional<failure> refused_;
};

} // namespace opr::http
