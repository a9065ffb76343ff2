#include "http/api/executions.hpp"

#include "core/calls.hpp"
#include "http/api/answer/encode_execution.hpp"
#include "http/api/answer/streamed_execution.hpp"
#include "http/api/decode.hpp"

#include <spdlog/spdlog.h>

namespace opr::http {

namespace {

/// Answers whole. @param encode `response(const execution_result&)`.
template <class Encode>
void answer_whole(const api_context& with, execution_request&& what, time_point arrived, responder out,
                  Encode encode) {
  auto reply = [development = with.development, out, encode](result<execution_result> answer) mutable {
    out.send(answer ? encode(*answer) : refusal(answer.error(), development));
  };
  auto call = std::make_shared<execution_call>(std::move(what), arrived, std::move(reply));
  call->abandoned = [out] { return out.gone(); };
  with.execute(std::move(call));
}

/// Answers piece by piece. Only the sink may hold the right to answer: letting go of it is what cuts an
/// answer.
void answer_streamed(const api_context& with, execution_request&& what, time_point arrived, responder out,
                     answer_format wanted) {
  auto sink = std::make_shared<streamed_execution>(std::move(out), std::move(wanted));
  auto reply = [development = with.development, sink,
                id = what.runtime.runtime_id](result<execution_result> answer) {
    if (answer)
      return sink->finish(*answer);
    if (sink->begun())
      spdlog::info("runtime {} has its streamed answer cut: {} {}", id, to_string(answer.error().code),
                   answer.error().detail);
    sink->fail(refusal(answer.error(), development));
  };
  auto call = std::make_shared<execution_call>(std::move(what), arrived, std::move(reply));
  call->abandoned = [sink] { return sink->gone(); };
  call->sink = sink;
  with.execute(std::move(call));
}

void execute(const api_context& with, request_body&& body, const std::string& id, answer_format&& wanted,
             time_point arrived, responder out) {
  auto read = decode_execution(std::move(body), id, with.rules);
  if (!read)
    return out.send(refusal(read.error(), with.development));
  if (!wanted.streamed.empty())
    return answer_streamed(with, std::move(*read), arrived, std::move(out), std::move(wanted));
  auto encode = [development = with.development, wanted = std::move(wanted)](const execution_result& answer) {
    return encode_execution(answer, wanted, development);
  };
  answer_whole(with, std::move(*read), arrived, std::move(out), std::move(encode));
}

void execute_first(const api_context& with, request_body&& body, time_point arrived, responder out) {
  auto read = decode_first_execution(std::move(body), with.rules);
  if (!read)
    return out.send(refusal(read.error(), with.development));
  answer_whole(with, std::move(*read), arrived, std::move(out), encode_first_execution);
}

} // namespace

void create_execution(const context_ptr& with, request&& in, std::string id, responder out) {
  auto arrived = clock::now();
  auto wanted = wanted_format(in.headers);
  where_it_fits(*with, take_body(in),
                [with, id = std::move(id), wanted = std::move(wanted), arrived,
                 out = std::move(out)](request_body&& body) mutable {
                  if (id.empty())
                    execute_first(*with, std::move(body), arrived, std::move(out));
                  else
                    execute(*with, std::move(body), id, std::move(wanted), arrived, std::move(out));
                });
}

} // namespace opr::http
