#include "http/api/request_body.hpp"

#include "http/api/json_reader.hpp"
#include "http/api/multipart.hpp"

#include <algorithm>

namespace opr::http {

namespace {

rapidjson::Value in_place(std::string_view text) {
  return rapidjson::Value{rapidjson::StringRef(text.data(), static_cast<rapidjson::SizeType>(text.size()))};
}

result<done> read_json(std::string& text, rapidjson::Document& into) {
  if (!parse_json_in_place(text, into))
    return {ec::general_argument_invalid, "The request body is not valid JSON, or has more than " +
                                              std::to_string(max_json_values) + " values."};
  if (!into.IsObject())
    return {ec::general_argument_invalid, "The request body must be a JSON object."};
  return done{};
}

void add(std::string_view name, std::string_view value, rapidjson::Document& into) {
  into.AddMember(in_place(name), in_place(value), into.GetAllocator());
}

result<done> read_form(std::string_view body, std::string_view type, rapidjson::Document& into) {
  auto boundary = form_boundary(type);
  if (!boundary)
    return boundary.error();
  auto parts = parse_form(body, *boundary);
  if (!parts)
    return parts.error();
  into.SetObject();
  for (const auto& part : *parts)
    add(part.name, part.content, into);
  return done{};
}

} // namespace

result<done> read_parameters(std::string& body, std::string_view type, rapidjson::Document& into) {
  return is_form(type) ? read_form(body, type, into) : read_json(body, into);
}

void read_query(std::string_view target, rapidjson::Document& into) {
  auto query = target.substr(std::min(target.find('?'), target.size()));
  into.SetObject();
  while (!query.empty()) {
    query.remove_prefix(1); // the question mark, then each ampersand
    auto pair = query.substr(0, query.find('&'));
    query.remove_prefix(pair.size());
    auto equals = std::min(pair.find('='), pair.size());
    add(pair.substr(0, equals), pair.substr(std::min(equals + 1, pair.size())), into);
  }
}

} // namespace opr::http
