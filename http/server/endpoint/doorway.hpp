#pragma once

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>

namespace opr::http {

/// Where clients come in: between Pistache's thread, which accepts them, and the I/O thread, which serves
/// them. Any thread.
class doorway {
public:
  /// Two descriptors of a client's socket; the callee owns them.
  using entrance = std::function<void(int reading, int writing)>;

  /// @param lowest Number that descriptors begin with; those below are left to everybody else.
  doorway(int lowest, entrance enter);
  ~doorway();

  doorway(const doorway&) = delete;
  doorway& operator=(const doorway&) = delete;

  /// Takes a client's socket: from here on `descriptor` is one of a socket whose other end is closed.
  void take(int descriptor);

  /// Counts the peers that Pistache holds, and waits until it has let go of all.
  void came();
  void went();
  void await_none(const std::function<void()>& knock);

  /// What makes Pistache's thread look for new clients.
  void set_knock(std::function<void()> knock);
  void knock();

private:
  const int lowest_;
  const entrance enter_;
  int dead_end_; ///< Of a pair of sockets whose other end is closed.

  std::mutex mutex_;
  std::condition_variable none_left_;
  size_t present_ = 0;
  std::function<void()> knock_;
};

} // namespace opr::http
