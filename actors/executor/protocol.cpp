#include "actors/executor/protocol.hpp"

#include "core/base64.hpp"
#include "core/utf8.hpp"

#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <algorithm>
#include <array>

namespace opr {

namespace {

constexpr std::string_view own_prefix = "x-open-runtimes-";

/// How much longer than its time a runtime may take to say that the function was late (wire contract, section
/// 3).
constexpr std::chrono::seconds late_answer_grace{5};

constexpr std::array<std::string_view, 12> not_passed{
    "connection",       "content-length",      "expect",  "keep-alive",    "proxy-authenticate", "te",
    "proxy-connection", "proxy-authorization", "trailer", "authorization", "transfer-encoding",  "upgrade"};

constexpr int max_nesting = 256;

std::string seconds_left(time_point deadline, time_point now) {
  auto left = std::chrono::ceil<std::chrono::seconds>(deadline - now).count();
  return std::to_string(std::max<decltype(left)>(left, 1));
}

net::outgoing encode_http(const execution_ptr& call, const runtime_link& link, time_point now) {
  const auto& request = call->request;
  net::outgoing out;
  out.method = request.method;
  out.target = request.path;
  for (const auto& field : request.headers)
    if (passes_to_function(field.name))
      out.headers.push_back(field);
  auto left = seconds_left(call->deadline, now);
  auto& lines = out.more_headers;
  lines.reserve(link.headers.size() + 96);
  lines.append(link.headers).append("x-open-runtimes-timeout: ").append(left);
  lines.append("\r\nx-open-runtimes-logging: ").append(request.logging ? "enabled\r\n" : "disabled\r\n");
  out.body = request.body;
  out.body_owner = request.buffer;
  out.deadline = call->deadline + late_answer_grace;
  return out;
}

net::outgoing encode_v2(const execution_ptr& call, const runtime_link& link) {
  const auto& request = call->request;
  rapidjson::StringBuffer text;
  rapidjson::Writer<rapidjson::StringBuffer> json{text};
  auto string = [&json](std::string_view value) {
    json.String(value.data(), static_cast<rapidjson::SizeType>(value.size()));
  };
  json.StartObject();
  json.Key("variables");
  json.StartObject();
  for (const auto& [name, value] : request.runtime.variables) {
    string(name);
    string(value);
  }
  json.EndObject();
  json.Key("payload");
  string(request.body);
  json.Key("headers");
  json.StartObject();
  for (const auto& field : request.headers) {
    string(field.name);
    string(field.value);
  }
  json.EndObject();
  json.EndObject();

  auto body = std::make_shared<const std::string>(text.GetString(), text.GetSize());
  net::outgoing out;
  out.method = "POST";
  out.headers = {
      {"Content-Type", "application/json"}, {"x-internal-challenge", link.secret}, {"Host", "null"}};
  out.body = *body;
  out.body_owner = std::move(body);
  out.deadline = call->deadline;
  return out;
}

/// Whether JSON text nests deeper than that; RapidJSON writes a value by recursion.
bool nested_deeper_than(int limit, std::string_view json) {
  int depth = 0;
  auto quoted = false;
  for (std::size_t i = 0; i < json.size(); ++i) {
    auto c = json[i];
    if (quoted) {
      i += c == '\\' ? 1 : 0;
      quoted = c != '"';
      continue;
    }
    quoted = c == '"';
    depth += c == '[' || c == '{' ? 1 : c == ']' || c == '}' ? -1 : 0;
    if (depth > limit)
      return true;
  }
  return false;
}

/// A member as text: a string as it is, any other value as JSON, nothing as "".
std::string text_member(const rapidjson::Value& object, const char* name) {
  auto member = object.FindMember(name);
  if (member == object.MemberEnd() || member->value.IsNull())
    return {};
  if (member->value.IsString())
    return {member->value.GetString(), member->value.GetStringLength()};
  rapidjson::StringBuffer text;
  rapidjson::Writer<rapidjson::StringBuffer> json{text};
  member->value.Accept(json);
  return {text.GetString(), text.GetSize()};
}

result<execution_result> decode_v2(net::response_head&& head, const std::string& body) {
  if (nested_deeper_than(max_nesting, body))
    return {ec::runtime_failed, "The runtime's answer is nested too deeply."};
  rapidjson::Document document;
  document.Parse<rapidjson::kParseValidateEncodingFlag | rapidjson::kParseIterativeFlag>(body.data(),
                                                                                         body.size());
  execution_result made;
  made.status_code = head.status;
  if (document.HasParseError() || !document.IsObject()) {
    if (head.status < 500)
      return {ec::runtime_failed, "The runtime's answer is not a JSON object."};
    made.errors = body.empty() ? "Internal Runtime error." : to_utf8(body);
    return made;
  }
  made.body = text_member(document, "response");
  made.logs = text_member(document, "stdout");
  made.errors = text_member(document, "stderr");
  return made;
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9')
    return c - '0';
  auto lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/// Text that was encoded as in a form; what is no valid escape stays as it is.
std::string url_decoded(std::string_view text) {
  std::string plain;
  plain.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    auto high = text[i] == '%' && i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
    auto low = high >= 0 ? hex_digit(text[i + 2]) : -1;
    if (low >= 0) {
      plain += static_cast<char>(high * 16 + low);
      i += 2;
    } else {
      plain += text[i] == '+' ? ' ' : text[i];
    }
  }
  return plain;
}

std::string log_header(const net::response_head& head, std::string_view name) {
  const auto* value = find_header(head.headers, name);
  return value == nullptr ? std::string{} : to_utf8(url_decoded(*value));
}

} // namespace

execution_result decode_head(generation version, net::response_head&& head) {
  execution_result made;
  made.status_code = head.status;
  if (version == generation::v3) {
    made.logs = log_header(head, "x-open-runtimes-logs");
    made.errors = log_header(head, "x-open-runtimes-errors");
  }
  made.headers = std::move(head.headers);
  auto mine = [](const header_field& field) {
    return field.name.compare(0, own_prefix.size(), own_prefix) == 0;
  };
  made.headers.erase(std::remove_if(made.headers.begin(), made.headers.end(), mine), made.headers.end());
  return made;
}

std::string basic_auth(std::string_view secret) { return "Basic " + base64("opr:" + std::string(secret)); }

std::string link_headers(const std::string& secret) {
  return "Authorization: " + basic_auth(secret) + "\r\nx-open-runtimes-secret: " + secret + "\r\n";
}

bool passes_to_function(std::string_view name) {
  if (name.size() >= own_prefix.size() && same_header(name.substr(0, own_prefix.size()), own_prefix))
    return false;
  return std::none_of(not_passed.begin(), not_passed.end(),
                      [name](std::string_view other) { return same_header(name, other); });
}

net::outgoing encode_for_runtime(const execution_ptr& call, const runtime_link& link, time_point now) {
  return link.version == generation::v2 ? encode_v2(call, link) : encode_http(call, link, now);
}

result<execution_result> decode_from_runtime(generation version, net::response_head&& head,
                                             std::string&& body) {
  if (version == generation::v2)
    return decode_v2(std::move(head), body);
  auto made = decode_head(version, std::move(head));
  made.body = std::move(body);
  return made;
}

std::optional<std::string> log_id(const net::response_head& head) {
  const auto* id = find_header(head.headers, "x-open-runtimes-log-id");
  if (id == nullptr || id->empty() || id->size() > 128)
    return std::nullopt;
  auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  };
  return std::all_of(id->begin(), id->end(), plain) ? std::optional{*id} : std::nullopt;
}

} // namespace opr
