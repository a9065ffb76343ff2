#pragma once

#include "actors/executor/registry.hpp"
#include "actors/messages.hpp"
#include "core/calls.hpp"
#include "core/fault.hpp"
#include "core/requests.hpp"
#include "core/work_gate.hpp"
#include "http/api/decode.hpp"
#include "http/server/message.hpp"
#include "http/server/responder.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace opr::http {

/// What the API needs of the executor.
struct api_context {
  std::string secret; ///< Empty: nobody is authorised.
  bool development = false;
  request_rules rules;
  registry& runtimes;
  supervisor_actor supervisor;
  std::function<void(execution_ptr)> execute; ///< Sends an execution on its way, see `dispatch`.
  std::function<void(command_ptr)> run_command;
  std::function<void(follow_ptr)> follow; ///< Sends a reader of a build's log on its way.
  std::function<usage_figures()> usage;   ///< As it was last measured; must not block.
  std::function<bool()> engine_answers;
  std::function<void(std::function<void()>)> run_short; ///< For bodies too large for the front end's thread.
  report_fault report = {};                             ///< Takes answers of 500 and more; may be empty.
  /// What runtimes are asked for passes through; closed: the executor ends, and says so.
  std::shared_ptr<work_gate> work = std::make_shared<work_gate>();
};

/// The executor's HTTP API: decodes a request, sends a message, and encodes the answer when it comes.
class executor_api {
public:
  explicit executor_api(api_context context)
      : context_(std::make_shared<const api_context>(std::move(context))) {}

  /// Answers now or later, never blocks. Any thread. What is answered later doesn't need this object any
  /// more.
  void handle(request&& in, responder out) const;

private:
  std::shared_ptr<const api_context> context_;
};

} // namespace opr::http
