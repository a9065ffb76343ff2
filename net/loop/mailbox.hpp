#pragma once

#include <boost/asio/io_context.hpp>

#include <atomic>
#include <memory>
#include <mutex>
#include <vector>

namespace opr::net {

class mailbox;

/// Something on the I/O thread that any thread can signal. Signals are bits; those that arrive before it gets
/// its turn are handled together and cost one hand-over.
class addressee : public std::enable_shared_from_this<addressee> {
public:
  explicit addressee(std::shared_ptr<mailbox> box) : box_(std::move(box)) {}
  virtual ~addressee() = default;

  addressee(const addressee&) = delete;
  addressee& operator=(const addressee&) = delete;

  /// Any thread.
  /// @returns False when the I/O thread has ended: nobody will handle the signal.
  bool signal(unsigned bits);
  const std::shared_ptr<mailbox>& box() const noexcept { return box_; }

protected:
  /// Handles what was signalled since the last turn, on the I/O thread.
  virtual void on_signals(unsigned bits) = 0;
  /// Whether a signal is waiting for its turn.
  bool is_signalled(unsigned bit) const noexcept {
    return (pending_.load(std::memory_order_acquire) & bit) != 0;
  }

private:
  friend class mailbox;
  void take_turn() { on_signals(pending_.exchange(0, std::memory_order_acq_rel)); }

  const std::shared_ptr<mailbox> box_;
  std::atomic<unsigned> pending_{0};
};

/// Hands addressees over to the I/O thread, in order. The thread is woken once per batch, because waking it
/// costs more than what it does for one call. Outlives the I/O thread with those who may still signal.
class mailbox {
public:
  explicit mailbox(boost::asio::io_context& context) : context_(context) {}

  /// Any thread. @returns False when closed.
  bool post(std::shared_ptr<addressee> whom);

  /// Gives what waits its turn; everything later is refused. I/O thread only.
  void close();

private:
  void deliver();

  boost::asio::io_context& context_; ///< Not touched once closed.
  std::mutex mutex_;
  std::vector<std::shared_ptr<addressee>> waiting_;
  bool closed_ = false;
  std::vector<std::shared_ptr<addressee>> batch_; ///< I/O thread only; keeps its memory.
};

} // namespace opr::net
