#pragma once

#include "core/clock.hpp"
#include "http/server/connection/outbox.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace opr::http {

struct front_end;

/// The sending side of a connection, used from any thread. Owns a descriptor of the socket.
///
/// It carries one answer at a time: `begin` opens it and gives its number, `send` with that number adds to
/// it. When a complete answer has left the process the channel is free for the next one, or closes.
///
/// A client that has shut down its own sending side counts as gone (`on_gone` fires), as nothing tells it
/// from one that left; but what is still sent goes out, in case that it does wait.
class channel : public std::enable_shared_from_this<channel> {
public:
  enum class state : uint8_t {
    free,
    busy,    ///< An answer is under way.
    closing, ///< The last answer is out and the end of it told to the client.
    closed
  };
  enum class part : uint8_t { more, last, last_and_close };

  /// @param on_free Called on whatever thread it happens when `look` had asked for it.
  channel(std::shared_ptr<front_end> front, int descriptor, std::function<void()> on_free);
  ~channel();

  channel(const channel&) = delete;
  channel& operator=(const channel&) = delete;

  const front_end& front() const noexcept { return *front_; }

  // The reading side, on the I/O thread.
  /// Opens an answer. @returns Its number.
  uint64_t begin();
  /// @param tell Whether `on_free` is to be called when the state is `busy` now and changes.
  /// @param since When it became what it is, for `free` and `closing`.
  state look(bool tell, time_point* since = nullptr);
  /// The client sends no more. Closes at once when it is known to have left, or when nothing is owed to it.
  void input_over();
  /// Sends bytes outside of any answer, an interim answer, unless one has begun.
  void send_interim(std::string bytes);
  /// Tells whoever wants to know that the client has left, which it hasn't: it is to get nothing more of its
  /// request's answer but an error.
  void give_up();
  /// Ends the connection in good order: what was sent still arrives.
  void close();

  // The answering side.
  /// Adds to the answer of that number; ignored when that one is over.
  void send(uint64_t answer, part which, std::string first, std::string second = {}, std::string third = {});
  /// Ends the connection so that the client can't take what it has for a whole answer.
  void abort();
  void abort(uint64_t answer); ///< The same, if that answer is under way.
  size_t pending(uint64_t answer) const;
  void on_drained(uint64_t answer, std::function<void()> call);
  void on_gone(uint64_t answer, std::function<void()> call);
  bool gone() const;

  // The reading side too: what it is told of the socket, and the time.
  void writable();
  void check_stalled(time_point now);

private:
  /// What is to be called, or let go, once the lock is released.
  using calls = std::vector<std::function<void()>>;
  class locked;

  bool is_current(uint64_t answer) const noexcept { return answer == number_ && state_ == state::busy; }
  void settle(outbox::outcome after, calls& later);
  void answer_is_out(calls& later);
  void tell_free(calls& later);
  void tell_gone(calls& later);
  void set_blocked(bool is_blocked);
  void start_closing(calls& later);
  void close_now(calls& later, int how);
  void abort_now(calls& later);

  const std::shared_ptr<front_end> front_;
  const std::function<void()> on_free_;

  mutable std::mutex mutex_; // guards all that follows
  int descriptor_;
  outbox out_;
  state state_ = state::free;
  bool begun_ = false;    ///< Something was given to send of the answer under way.
  bool complete_ = false; ///< The answer under way is complete, if not out.
  bool close_after_ = false;
  bool input_over_ = false;
  bool gone_ = false;
  bool blocked_ = false; ///< The socket has no room; `writable` comes when it has.
  bool tell_free_ = false;
  uint64_t number_ = 0;
  time_point since_;
  time_point progress_at_; ///< While blocked: when the client last took something.
  uint64_t progress_ = 0;  ///< Bytes that it had taken then.
  calls on_gone_;
  calls on_drained_;
};

} // namespace opr::http
