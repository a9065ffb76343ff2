#include "http/api/executions.hpp"

#include "core/calls.hpp"
#include "http/api/answer/encode_execution.hpp"
#include "http/api/answer/streamed_execution.hpp"
#include "http/api/decode.hpp"

#include <spdlog/spdlog.h>

namespace opr::http {

namespace {

constexpr std::string_view execution_route = "/v1/runtimes/{runtimeId}/executions";

/// Answers whole. @param encode `response(const execution_result&)`.
template <class Encode>
void answer_whole(const context_ptr& with, std::string_view route, execution_request&& what,
                  time_point arrived, responder out, Encode encode) {
  auto reply = [with, by = asked{"POST", route, what.runtime.runtime_id}, out,
                encode](result<execution_result> answer) mutable {
    out.send(answer ? encode(*answer) : refusal(answer.error(), *with, by));
  };
  auto call = std::make_shared<execution_call>(std::move(what), arrived, std::move(reply));
  call->abandoned = [out] { return out.gone(); };
  with->execute(std::move(call));
}

/// Answers piece by piece. Only the sink may hold the right to answer: letting go of it is what cuts an
/// answer.
void answer_streamed(const context_ptr& with, execution_request&& what, time_point arrived, responder out,
                     answer_format wanted) {
  auto sink = std::make_shared<streamed_execution>(std::move(out), std::move(wanted));
  auto reply = [with, by = asked{"POST", execution_route, what.runtime.runtime_id},
                sink](result<execution_result> answer) {
    if (answer)
      return sink->finish(*answer);
    if (sink->begun())
      spdlog::info("runtime {} has its streamed answer cut: {} {}", by.runtime_id,
                   to_string(answer.error().code), answer.error().detail);
    sink->fail(refusal(answer.error(), *with, by));
  };
  auto call = std::make_shared<execution_call>(std::move(what), arrived, std::move(reply));
  call->abandoned = [sink] { return sink->gone(); };
  call->sink = sink;
  with->execute(std::move(call));
}

void execute(const context_ptr& with, request_body&& body, const std::string& id, answer_format&& wanted,
             time_point arrived, responder out) {
  auto read = decode_execution(std::move(body), id, with->rules);
  if (!read)
    return out.send(refusal(read.error(), *with));
  if (!wanted.streamed.empty())
    return answer_streamed(with, std::move(*read), arrived, std::move(out), std::move(wanted));
  auto encode = [development = with->development, wanted = std::move(wanted)](
                    const execution_result& answer) { return encode_execution(answer, wanted, development); };
  answer_whole(with, execution_route, std::move(*read), arrived, std::move(out), std::move(encode));
}

void execute_first(const context_ptr& with, request_body&& body, time_point arrived, responder out) {
  auto read = decode_first_execution(std::move(body), with->rules);
  if (!read)
    return out.send(refusal(read.error(), *with));
  answer_whole(with, "/v1/execution", std::move(*read), arrived, std::move(out), encode_first_execution);
}

} // namespace

void create_execution(const context_ptr& with, request&& in, std::string id, responder out) {
  auto arrived = clock::now();
  auto wanted = wanted_format(in.headers);
  where_it_fits(*with, take_body(in),
                [with, id = std::move(id), wanted = std::move(wanted), arrived,
                 out = std::move(out)](request_body&& body) mutable {
                  if (id.empty())
                    execute_first(with, std::move(body), arrived, std::move(out));
                  else
                    execute(with, std::move(body), id, std::move(wanted), arrived, std::move(out));
                });
}

} // namespace opr::http
