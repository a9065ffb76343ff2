#pragma once

#include "core/calls.hpp"
#include "http/api/answer/late_answer.hpp"

#include <cstddef>
#include <functional>
#include <string_view>

namespace opr::http {

/// A build's log on its way to one reader: `text/event-stream`, begun by the first line. A reader that is
/// too slow is cut. Any thread.
class log_stream final : public log_sink {
public:
  /// A reader who hasn't taken this many bytes when more lines come is cut.
  static constexpr std::size_t patience = 4 * 1024 * 1024;

  explicit log_stream(responder out) : out_(std::move(out)) {}

  void write(std::string_view lines) override;
  void when_gone(std::function<void()> call) override { out_.on_gone(std::move(call)); }

  /// The log has ended.
  void finish();
  /// Answers with the error; cuts the answer if it has begun.
  void fail(response error) { out_.fail(std::move(error)); }

private:
  late_answer out_;
};

} // namespace opr::http
