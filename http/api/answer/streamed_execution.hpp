#pragma once

#include "core/calls.hpp"
#include "http/api/answer/answer_format.hpp"
#include "http/api/answer/late_answer.hpp"

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace opr::http {

/// An execution's answer that leaves as the function produces it: response format 0.12.0, a form whose parts
/// are coded in runs. Any thread.
class streamed_execution final : public execution_sink {
public:
  /// Beyond this many bytes that the caller hasn't taken, `body` says that there is no room.
  static constexpr std::size_t room = 256 * 1024;

  streamed_execution(responder out, answer_format wanted);

  void head(int status_code, const header_list& headers) override;
  bool body(std::string_view piece) override;
  void when_room(std::function<void()> call) override { out_.on_drained(std::move(call)); }
  void when_gone(std::function<void()> call) override { out_.on_gone(std::move(call)); }

  /// Ends the answer with what is known only now; or gives all of it, if `head` never came.
  void finish(const execution_result& answer);
  /// Answers with the error; cuts the answer if it has begun.
  void fail(response error) { out_.fail(std::move(error)); }
  bool begun() const { return out_.begun(); }
  /// Whether the caller has left.
  bool gone() const { return out_.gone(); }

private:
  const answer_format wanted_;
  const std::string boundary_;
  late_answer out_;
};

} // namespace opr::http
