#pragma once

#include "core/result.hpp"

#include <rapidjson/document.h>

#include <string>
#include <string_view>

namespace opr::http {

/// A request's body and its `Content-Type`.
struct request_body {
  std::string bytes;
  std::string type;
};

/// Reads the parameters of a request into an object: from `multipart/form-data` each part as a string, from
/// anything else as JSON, which has to be an object. Strings of the result lie in the body, which is parsed
/// in place and has to stay. Fails with `general_argument_invalid`.
/// @param type The `Content-Type`.
result<done> read_parameters(std::string& body, std::string_view type, rapidjson::Document& into);

/// Reads the parameters of a request's query in the same way; nothing is decoded in them.
/// @param target As on the request line.
void read_query(std::string_view target, rapidjson::Document& into);

} // namespace opr::http
