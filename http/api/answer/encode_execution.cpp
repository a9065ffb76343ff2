#include "http/api/answer/encode_execution.hpp"

#include "core/utf8.hpp"
#include "http/api/answer/encode.hpp"
#include "http/api/answer/form_writer.hpp"

#include <algorithm>
#include <vector>

namespace opr::http {

namespace {

constexpr std::size_t first_generation_text = 1'000'000;

/// Room for an answer whose texts need no escapes.
std::size_t expected_size(const execution_result& answer) {
  std::size_t size = 1024 + answer.body.size() + answer.logs.size() + answer.errors.size();
  for (const auto& field : answer.headers)
    size += field.name.size() + field.value.size() + 8;
  return size;
}

std::string number_text(double value) {
  std::string text;
  append_number(text, value);
  return text;
}

std::string as_json(const execution_result& answer, bool lists) {
  std::string text;
  text.reserve(expected_size(answer));
  json_writer out{text};
  out.begin_object().field("statusCode", int64_t{answer.status_code}).key("headers");
  write_headers(out, answer.headers, lists);
  out.field("body", answer.body)
      .field("logs", answer.logs)
      .field("errors", answer.errors)
      .field("duration", answer.duration)
      .field("startTime", answer.start_time)
      .end_object();
  return text;
}

std::string as_form(const execution_result& answer, bool lists, std::string_view boundary) {
  std::string text;
  text.reserve(expected_size(answer));
  append_part(text, boundary, "statusCode", std::to_string(answer.status_code));
  append_part_head(text, boundary, "headers", "application/json");
  json_writer json{text};
  write_headers(json, answer.headers, lists);
  text += part_end;
  append_part(text, boundary, "body", answer.body);
  append_part(text, boundary, "logs", answer.logs);
  append_part(text, boundary, "errors", answer.errors);
  append_part(text, boundary, "duration", number_text(answer.duration));
  append_part(text, boundary, "startTime", number_text(answer.start_time));
  append_form_end(text, boundary);
  text += part_end;
  return text;
}

std::string clean_cut(const std::string& text) {
  return std::string{cut_utf8(to_utf8(text), first_generation_text)};
}

} // namespace

response encode_execution(const execution_result& answer, const answer_format& wanted, bool development) {
  if (!wanted.json) {
    auto boundary = random_boundary();
    return {200, {{"Content-Type", form_type(boundary)}}, as_form(answer, wanted.lists, boundary)};
  }
  if (!is_utf8(answer.body))
    return encode_error({ec::execution_bad_json, {}}, development);
  return {200, {{"Content-Type", "application/json"}}, as_json(answer, wanted.lists)};
}

response encode_first_execution(const execution_result& answer) {
  std::string text;
  json_writer{text}
      .begin_object()
      .field("status", answer.status_code >= 500 ? "failed" : "completed")
      .field("statusCode", int64_t{answer.status_code})
      .field("response", clean_cut(answer.body))
      .field("stdout", clean_cut(answer.logs))
      .field("stderr", clean_cut(answer.errors))
      .field("duration", answer.duration)
      .end_object();
  return {200, {{"Content-Type", "application/json"}}, std::move(text)};
}

void write_headers(json_writer& out, const header_list& headers, bool lists) {
  std::vector<const header_field*> sorted;
  sorted.reserve(headers.size());
  for (const auto& field : headers)
    sorted.push_back(&field);
  // Among equal names the pointers keep the order in which they came.
  std::sort(sorted.begin(), sorted.end(), [](const auto* a, const auto* b) {
    auto order = a->name.compare(b->name);
    return order != 0 ? order < 0 : a < b;
  });
  out.begin_object();
  for (auto first = sorted.begin(); first != sorted.end();) {
    auto end = std::find_if(first, sorted.end(),
                            [name = &(*first)->name](const auto* field) { return field->name != *name; });
    out.key((*first)->name);
    if (lists && end - first > 1) {
      out.begin_array();
      for (; first != end; ++first)
        out.text((*first)->value);
      out.end_array();
    } else {
      out.text((*(end - 1))->value);
    }
    first = end;
  }
  out.end_object();
}

} // namespace opr::http
