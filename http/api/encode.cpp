#include "http/api/encode.hpp"

#include "core/clock.hpp"
#include "core/utf8.hpp"
#include "http/api/error_table.hpp"

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <map>
#include <utility>

namespace opr::http {

namespace {

constexpr std::size_t first_generation_text = 1'000'000;

/// RapidJSON's writer with the project's types. Strings must be valid UTF-8.
class json {
public:
  json& begin_object() { return writer_.StartObject(), *this; }
  json& end_object() { return writer_.EndObject(), *this; }
  json& begin_array() { return writer_.StartArray(), *this; }
  json& end_array() { return writer_.EndArray(), *this; }
  json& key(std::string_view name) { return writer_.Key(name.data(), size(name)), *this; }
  json& text(std::string_view value) { return writer_.String(value.data(), size(value)), *this; }
  json& whole(int64_t value) { return writer_.Int64(value), *this; }
  json& number(double value) { return writer_.Double(value), *this; }
  json& field(std::string_view name, std::string_view value) { return key(name).text(value); }
  json& field(std::string_view name, int64_t value) { return key(name).whole(value); }
  json& field(std::string_view name, double value) { return key(name).number(value); }

  response answer(int status) const {
    return {status, {{"Content-Type", "application/json"}}, {buffer_.GetString(), buffer_.GetSize()}};
  }

private:
  static rapidjson::SizeType size(std::string_view text) {
    return static_cast<rapidjson::SizeType>(text.size());
  }

  rapidjson::StringBuffer buffer_;
  rapidjson::Writer<rapidjson::StringBuffer> writer_{buffer_};
};

/// The text itself if it is UTF-8, as it nearly always is; else mended, kept in `mended`.
std::string_view clean(const std::string& text, std::string& mended) {
  if (is_utf8(text))
    return text;
  return mended = to_utf8(text);
}

std::string clean_cut(const std::string& text) {
  return std::string{cut_utf8(to_utf8(text), first_generation_text)};
}

void uncached(response& answer) {
  answer.headers.push_back({"Cache-Control", "no-cache, no-store, must-revalidate"});
  answer.headers.push_back({"Expires", "0"});
  answer.headers.push_back({"Pragma", "no-cache"});
}

response error_answer(int status, std::string_view type, const std::string& message) {
  auto out = json{};
  std::string mended;
  out.begin_object()
      .field("type", type)
      .field("message", clean(message, mended))
      .field("code", int64_t{status})
      .field("version", OPR_VERSION)
      .end_object();
  auto answer = out.answer(status);
  uncached(answer);
  return answer;
}

/// A name that occurs several times has its last value.
void write_headers(json& out, const header_list& headers) {
  std::map<std::string_view, std::string_view> last;
  for (const auto& field : headers)
    last[field.name] = field.value;
  out.key("headers").begin_object();
  std::string mended_name;
  std::string mended_value;
  for (const auto& [name, value] : last)
    out.field(clean(std::string{name}, mended_name), clean(std::string{value}, mended_value));
  out.end_object();
}

void write_runtime(json& out, const runtime_facts& one) {
  out.begin_object()
      .field("runtimeId", one.runtime_id)
      .field("version", one.version)
      .field("created", one.created)
      .field("updated", one.updated)
      .field("name", one.name)
      .field("hostname", one.hostname)
      .field("status", one.status)
      .field("key", std::string_view{}) // Never the secret; the empty string keeps the shape.
      .field("listening", int64_t{one.listening})
      .field("image", one.image)
      .field("initialised", int64_t{one.initialised})
      .field("inFlight", int64_t{one.in_flight})
      .end_object();
}

std::string_view type_of_status(int status) {
  return status < 500    ? "general_argument_invalid"
         : status == 503 ? "general_unavailable"
                         : "general_unknown";
}

} // namespace

response encode_error(const failure& why, bool development) {
  const auto& row = row_for(why.code);
  auto secret = row.type == row_for(ec::general_unknown).type && !development;
  return error_answer(row.status, row.type,
                      secret || why.detail.empty() ? std::string{row.message} : why.detail);
}

response encode_front_end_error(int status, std::string_view why) {
  return error_answer(status, type_of_status(status), std::string{why});
}

response encode_created(const created_runtime& made, bool first_generation) {
  auto out = json{};
  out.begin_object();
  if (!made.path.empty())
    out.field("path", made.path).field("size", static_cast<int64_t>(made.size));
  out.key("output").begin_array();
  std::string all;
  for (const auto& entry : made.output) {
    out.begin_object().field("timestamp", entry.timestamp).field("content", entry.content).end_object();
    if (first_generation)
      all += entry.content;
  }
  out.end_array().field("startTime", made.start_time).field("duration", made.duration);
  if (first_generation)
    out.field("status", "ready")
        .field("outputPath", made.path)
        .field("stdout", all)
        .field("stderr", "")
        .field("startTimeUnix", static_cast<int64_t>(made.start_time))
        .field("endTimeUnix", static_cast<int64_t>(made.start_time + made.duration));
  out.end_object();
  return out.answer(201);
}

response encode_runtimes(const std::vector<runtime_facts>& all) {
  auto out = json{};
  out.begin_array();
  for (const auto& one : all)
    write_runtime(out, one);
  out.end_array();
  return out.answer(200);
}

response encode_runtime(const runtime_facts& one) {
  auto out = json{};
  write_runtime(out, one);
  return out.answer(200);
}

response encode_execution(const execution_result& answer, bool development) {
  if (!is_utf8(answer.body))
    return encode_error({ec::execution_bad_json, {}}, development);
  auto out = json{};
  std::string mended_logs;
  std::string mended_errors;
  out.begin_object().field("statusCode", int64_t{answer.status_code});
  write_headers(out, answer.headers);
  out.field("body", answer.body)
      .field("logs", clean(answer.logs, mended_logs))
      .field("errors", clean(answer.errors, mended_errors))
      .field("duration", answer.duration)
      .field("startTime", answer.start_time)
      .end_object();
  return out.answer(200);
}

response encode_first_execution(const execution_result& answer) {
  auto out = json{};
  out.begin_object()
      .field("status", answer.status_code >= 500 ? "failed" : "completed")
      .field("statusCode", int64_t{answer.status_code})
      .field("response", clean_cut(answer.body))
      .field("stdout", clean_cut(answer.logs))
      .field("stderr", clean_cut(answer.errors))
      .field("duration", answer.duration)
      .end_object();
  return out.answer(200);
}

response encode_health(std::string_view trouble) {
  auto out = json{};
  out.begin_object().field("status", trouble.empty() ? "pass" : "fail");
  if (!trouble.empty())
    out.field("message", trouble);
  out.end_object();
  return out.answer(trouble.empty() ? 200 : 503);
}

} // namespace opr::http
