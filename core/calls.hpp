#pragma once

#include "core/activity.hpp"
#include "core/clock.hpp"
#include "core/gate.hpp"
#include "core/requests.hpp"
#include "core/result.hpp"

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <utility>

namespace opr {

/// The duty to answer, exactly once, from any thread. One that goes unanswered answers with its fallback:
/// whatever becomes of the message that carries it, the caller hears of it.
template <class T>
class answer {
public:
  answer(then<T> to, failure fallback) : to_(std::move(to)), fallback_(std::move(fallback)) {}
  ~answer() { give(std::move(fallback_)); }
  answer(const answer&) = delete;
  answer& operator=(const answer&) = delete;

  /// Answers, unless that has been done; says whether it has now.
  bool give(result<T> outcome) {
    if (given_.exchange(true, std::memory_order_acq_rel))
      return false;
    auto to = std::move(to_);
    to(std::move(outcome));
    return true;
  }
  bool given() const noexcept { return given_.load(std::memory_order_acquire); }

private:
  then<T> to_;
  failure fallback_;
  std::atomic<bool> given_{false};
};

/// Takes a function's answer as it comes, where the caller's format lets it through. Calls come one after the
/// other, from any thread.
class execution_sink {
public:
  virtual ~execution_sink() = default;
  /// The function's status and headers: once, before anything else.
  virtual void head(int status_code, const header_list& headers) = 0;
  /// A piece of the function's body, not empty.
  /// @returns Whether there is room for more. If not, the next piece comes after `when_room` has called back.
  virtual bool body(std::string_view piece) = 0;
  /// Calls back once, from any thread, when there is room again or the caller has left.
  virtual void when_room(std::function<void()> call) = 0;
  /// Calls back once, from any thread, when the caller leaves; at once if it has.
  virtual void when_gone(std::function<void()> call) = 0;
};

/// An execution on its way through the actors.
struct execution_call {
  execution_call(execution_request what, time_point at, then<execution_result> to)
      : request(std::move(what)), arrived(at), deadline(at + request.timeout),
        reply(std::move(to), {ec::runtime_failed, "The runtime went away before it answered."}) {}

  execution_request request;
  time_point arrived;
  time_point deadline;                    ///< The function must have been asked by then.
  time_point give_up = time_point::max(); ///< When a connection that broke is given up; set when one broke.
  std::function<bool()>
      abandoned;  ///< Whether the caller has left, so that what hasn't started needn't. May be empty.
  claim holds;    ///< Keeps the runtime from being idle.
  place admitted; ///< Among all executions that are in flight.
  place slot;     ///< Among those that the runtime serves at once.
  /// Set: what the function answers goes here, and `reply` then brings the result without headers and body,
  /// or the failure that cut it.
  std::shared_ptr<execution_sink> sink;
  answer<execution_result> reply;

  /// To be called before it is answered: the caller's next request must not find taken what this one used.
  void give_back() {
    slot.leave();
    admitted.leave();
    holds.release();
  }
  /// The same, of an execution that was served: restarts the runtime's idle clock.
  void give_back_served(time_point now) {
    slot.leave();
    admitted.leave();
    holds.served(now);
  }
};
using execution_ptr = std::shared_ptr<execution_call>;

/// A create or build on its way.
struct creation_call {
  creation_call(runtime_request what, then<created_runtime> to)
      : request(std::move(what)),
        reply(std::move(to), {ec::runtime_failed, "The runtime went away while it was made."}) {}

  runtime_request request;
  place building; ///< Among all builds that are in flight.
  answer<created_runtime> reply;
};
using creation_ptr = std::shared_ptr<creation_call>;

/// A shell command for a live runtime, on its way. Answered with its output; fails with `command_timeout` or
/// `command_failed`.
struct command_call {
  command_call(command_request what, then<std::string> to)
      : request(std::move(what)),
        reply(std::move(to), {ec::command_failed, "The runtime went away before the command ended."}) {}

  command_request request;
  time_point deadline{}; ///< Set when the call is on its way.
  claim holds;           ///< Keeps the runtime from being idle.
  answer<std::string> reply;
};
using command_ptr = std::shared_ptr<command_call>;

/// Takes a build's log as it grows. Calls come one after the other, from any thread.
class log_sink {
public:
  virtual ~log_sink() = default;
  /// Complete lines `<timestamp> <content>\n`, UTF-8.
  virtual void write(std::string_view lines) = 0;
  /// Calls back once, from any thread, when the reader leaves; at once if it has.
  virtual void when_gone(std::function<void()> call) = 0;
};

/// A reader of a build's log, on its way. Answered when the log has ended; with `logs_timeout` or
/// `runtime_not_found` otherwise.
struct follow_call {
  follow_call(std::string id, time_point until, std::shared_ptr<log_sink> to_where, then<done> to)
      : runtime_id(std::move(id)), deadline(until), sink(std::move(to_where)),
        reply(std::move(to), {ec::runtime_not_found, {}}) {}

  std::string runtime_id;
  time_point deadline; ///< Without a line until then the reader has waited in vain; each line moves it.
  std::shared_ptr<log_sink> sink;
  answer<done> reply;
};
using follow_ptr = std::shared_ptr<follow_call>;

/// A wish for a container image, on its way. Answered when the Engine has it.
struct image_call {
  image_call(std::string what, then<done> to)
      : image(std::move(what)),
        reply(std::move(to), {ec::runtime_failed, "The image was not pulled: the executor ends."}) {}

  std::string image;
  answer<done> reply;
};
using image_ptr = std::shared_ptr<image_call>;

/// A removal on its way; also the executor's whole end.
struct removal_call {
  removal_call(std::string id, then<done> to)
      : runtime_id(std::move(id)),
        reply(std::move(to), {ec::general_unknown, "The removal was not carried out."}) {}

  std::string runtime_id;
  answer<done> reply;
};
using removal_ptr = std::shared_ptr<removal_call>;

} // namespace opr
