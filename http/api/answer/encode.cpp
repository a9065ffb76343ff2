#include "http/api/answer/encode.hpp"

#include "http/api/error_table.hpp"
#include "http/common/json_writer.hpp"

#include <string>
#include <utility>

namespace opr::http {

namespace {

response json_answer(int status, std::string text) {
  return {status, {{"Content-Type", "application/json"}}, std::move(text)};
}

void uncached(response& answer) {
  answer.headers.push_back({"Cache-Control", "no-cache, no-store, must-revalidate"});
  answer.headers.push_back({"Expires", "0"});
  answer.headers.push_back({"Pragma", "no-cache"});
}

std::string& told_version() {
  static std::string version = OPR_VERSION;
  return version;
}

response error_answer(int status, std::string_view type, std::string_view message) {
  std::string text;
  json_writer{text}
      .begin_object()
      .field("type", type)
      .field("message", message)
      .field("code", int64_t{status})
      .field("version", told_version())
      .end_object();
  auto answer = json_answer(status, std::move(text));
  uncached(answer);
  if (status == 429 || status == 503)
    answer.headers.push_back({"Retry-After", "1"});
  return answer;
}

void write_runtime(json_writer& out, const runtime_facts& one) {
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

/// The figures under the names of today and of the first generation.
void write_usage(json_writer& out, const usage_figures& usage) {
  out.field("usage", usage.host).key("runtimes").begin_object();
  for (const auto& [id, percent] : usage.runtimes)
    out.key(id).begin_object().field("status", "pass").field("usage", percent).end_object();
  out.end_object().field("hostUsage", usage.host).key("functionsUsage").begin_object();
  for (const auto& [id, percent] : usage.runtimes)
    out.field(id, percent);
  out.end_object();
  if (usage.refused.empty())
    return;
  out.key("refused").begin_object();
  for (const auto& [limit, times] : usage.refused)
    out.field(limit, static_cast<int64_t>(times));
  out.end_object();
}

std::string_view type_of_status(int status) {
  return status < 500    ? "general_argument_invalid"
         : status == 503 ? "general_unavailable"
                         : "general_unknown";
}

} // namespace

void tell_version(std::string version) { told_version() = std::move(version); }

response encode_error(const failure& why, bool development) {
  const auto& row = row_for(why.code);
  auto secret = row.type == row_for(ec::general_unknown).type && !development;
  return error_answer(row.status, row.type,
                      secret || why.detail.empty() ? row.message : std::string_view{why.detail});
}

response encode_front_end_error(int status, std::string_view why) {
  return error_answer(status, type_of_status(status), why);
}

response encode_created(const created_runtime& made, bool first_generation) {
  std::string text;
  json_writer out{text};
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
  return json_answer(201, std::move(text));
}

response encode_runtimes(const std::vector<runtime_facts>& all) {
  std::string text;
  json_writer out{text};
  out.begin_array();
  for (const auto& one : all)
    write_runtime(out, one);
  out.end_array();
  return json_answer(200, std::move(text));
}

response encode_runtime(const runtime_facts& one) {
  std::string text;
  json_writer out{text};
  write_runtime(out, one);
  return json_answer(200, std::move(text));
}

response encode_command(std::string_view output) {
  std::string text;
  json_writer{text}.begin_object().field("output", output).end_object();
  return json_answer(200, std::move(text));
}

response encode_log_head() {
  return {200, {{"Content-Type", "text/event-stream"}, {"Cache-Control", "no-cache"}}, {}};
}

response encode_health(std::string_view trouble, const usage_figures* usage) {
  std::string text;
  json_writer out{text};
  out.begin_object().field("status", trouble.empty() ? "pass" : "fail");
  if (!trouble.empty())
    out.field("message", trouble);
  if (usage != nullptr)
    write_usage(out, *usage);
  out.end_object();
  return json_answer(trouble.empty() ? 200 : 503, std::move(text));
}

} // namespace opr::http
