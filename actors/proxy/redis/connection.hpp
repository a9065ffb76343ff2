#pragma once

#include "actors/proxy/redis/unit.hpp"
#include "actors/proxy/state_dsn.hpp"
#include "core/clock.hpp"
#include "core/result.hpp"

#include <hiredis/hiredis.h>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace opr::redis {

struct reply_deleter {
  void operator()(redisReply* reply) const noexcept { freeReplyObject(reply); }
};
using reply_ptr = std::unique_ptr<redisReply, reply_deleter>;

/// The bytes of a text, a status or an error; empty for anything else.
std::string_view text_of(const redisReply& reply) noexcept;
bool is_error(const redisReply& reply) noexcept;

/// A connection to one server. Blocks its caller, never for long: see the limits. Once an operation has
/// failed, all others fail too.
class connection {
public:
  /// To connect, and between two pieces of an answer.
  static constexpr std::chrono::seconds silence_limit{1};
  /// From the first command sent to the last answer read.
  static constexpr std::chrono::seconds run_limit{5};
  /// All answers of a run together.
  static constexpr std::size_t most_bytes = std::size_t{32} << 20U;

  /// Connects, logs in and selects the database. Resolving a name may take as long as the system's resolver
  /// lets it.
  /// @returns `connect_failed` or, when the server refuses, `general_unavailable`.
  static result<std::unique_ptr<connection>> open(const redis_address& where, const state_dsn& as);

  /// Sends all commands at once and hands over their answers in order.
  /// @returns `deadline_passed`, `connection_broken`, or `answer_too_large` while the next answer is read.
  result<done> run(const std::vector<const words*>& commands, const std::function<void(reply_ptr)>& each);

private:
  struct context_deleter {
    void operator()(redisContext* context) const noexcept { redisFree(context); }
  };
  explicit connection(redisContext* context) : context_(context) {}
  result<done> log_in(const state_dsn& as);
  result<done> send(const std::vector<const words*>& commands, time_point deadline);
  result<reply_ptr> read(time_point deadline, std::size_t& bytes);
  failure broken() const;

  std::unique_ptr<redisContext, context_deleter> context_;
};

} // namespace opr::redis
