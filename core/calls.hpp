#pragma once

#include "core/activity.hpp"
#include "core/clock.hpp"
#include "core/requests.hpp"
#include "core/result.hpp"

#include <atomic>
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
      abandoned; ///< Whether the caller has left, so that what hasn't started needn't. May be empty.
  claim holds;   ///< Keeps the runtime from being idle.
  answer<execution_result> reply;
};
using execution_ptr = std::shared_ptr<execution_call>;

/// A create or build on its way.
struct creation_call {
  creation_call(runtime_request what, then<created_runtime> to)
      : request(std::move(what)),
        reply(std::move(to), {ec::runtime_failed, "The runtime went away while it was made."}) {}

  runtime_request request;
  answer<created_runtime> reply;
};
using creation_ptr = std::shared_ptr<creation_call>;

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
