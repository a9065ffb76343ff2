#include "http/api/answer/streamed_execution.hpp"

#include "core/utf8.hpp"
#include "http/api/answer/encode_execution.hpp"
#include "http/api/answer/form_writer.hpp"

namespace opr::http {

namespace {

/// What a body that is there as a whole is cut into.
constexpr std::size_t whole_body_run = 64 * 1024;

std::string number_text(double value) {
  std::string text;
  append_number(text, value);
  return text;
}

} // namespace

streamed_execution::streamed_execution(responder out, answer_format wanted)
    : wanted_(std::move(wanted)), boundary_(random_boundary()), out_(std::move(out)) {}

void streamed_execution::head(int status_code, const header_list& headers) {
  std::string text;
  append_chunked_part(text, boundary_, "statusCode", std::to_string(status_code));
  std::string object;
  json_writer json{object};
  write_headers(json, headers, wanted_.lists);
  append_chunked_part(text, boundary_, "headers", object);
  append_chunked_head(text, boundary_, "body");
  out_.begin({200,
              {{"Content-Type", form_type(boundary_)}, {"x-executor-response-format", wanted_.streamed}},
              std::move(text)});
}

bool streamed_execution::body(std::string_view piece) {
  std::string run;
  run.reserve(piece.size() + 24);
  append_run(run, piece);
  out_.write(std::move(run));
  return out_.pending() < room;
}

void streamed_execution::finish(const execution_result& answer) {
  if (!out_.begun()) {
    head(answer.status_code, answer.headers);
    for (std::string_view rest = answer.body; !rest.empty();) {
      auto run = rest.substr(0, whole_body_run);
      body(run);
      rest.remove_prefix(run.size());
    }
  }
  std::string text{chunked_part_end}; // of the body
  append_chunked_part(text, boundary_, "logs", to_utf8(answer.logs));
  append_chunked_part(text, boundary_, "errors", to_utf8(answer.errors));
  append_chunked_part(text, boundary_, "duration", number_text(answer.duration));
  append_chunked_part(text, boundary_, "startTime", number_text(answer.start_time));
  append_form_end(text, boundary_);
  out_.write(std::move(text));
  out_.finish();
}

} // namespace opr::http
