#pragma once

#include "core/result.hpp"
#include "docker/wire/refusal.hpp"
#include "net/http_client.hpp"

#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace opr::docker {

/// A call to the Engine.
struct request {
  std::string method;
  std::string target;
  std::string body; ///< JSON, or empty.
  time_point deadline = time_point::max();
  std::string registry_auth = {}; ///< Of the header of that name; empty: none is sent.
};

/// A whole answer, whatever its status.
struct reply {
  int status = 0;
  std::string body;
};

/// Receives an answer that comes bit by bit. All on the I/O thread.
struct stream_handler {
  std::function<void()> on_open; ///< The Engine has agreed. May be empty.
  /// Takes a piece; a code other than `none` ends the call, and is what `on_end` is told.
  std::function<failure(std::string_view)> on_piece;
  std::function<void(failure)> on_end; ///< Once and last; code `none`: the answer is complete.
};

/// The way to one Engine: sends calls over kept connections. A call that gets no answer fails as `no_answer`
/// says.
class channel {
public:
  /// @param where The Engine's address, for messages.
  channel(std::shared_ptr<net::upstream> pool, std::string where)
      : pool_(std::move(pool)), where_(std::move(where)) {}

  /// Sends a call and collects its answer.
  std::shared_ptr<net::call> ask(request what, then<reply> on_done);

  /// Sends a call whose answer streams. A refusal arrives in `on_end`.
  std::shared_ptr<net::call> stream(engine_call call, request what, stream_handler handler);

  /// Ends all calls with `ec::cancelled`, and later ones too.
  void close() { pool_->close(); }

private:
  std::shared_ptr<net::upstream> pool_;
  std::string where_;
};

/// Adapts a caller's callback to `ask`: a refusal becomes a failure, anything else is decoded.
template <class T>
then<reply> decoded(engine_call call, result<T> (*decode)(std::string_view), then<T> on_done) {
  return [=](result<reply> answer) {
    if (!answer)
      return on_done(std::move(answer.error()));
    if (answer->status >= 400)
      return on_done(refusal(call, answer->status, answer->body));
    on_done(decode(answer->body));
  };
}

/// The decoder of answers that say nothing but that it worked.
inline result<done> decode_nothing(std::string_view) { return done{}; }

} // namespace opr::docker
