#pragma once

#include <cstddef>
#include <memory>
#include <vector>

namespace opr::net {

class io_thread;
class loop;

/// The threads that do all network I/O, each with a loop of its own. What has begun on one of them goes on
/// there. Handlers run on them and must neither block nor throw.
class io_threads {
public:
  explicit io_threads(std::size_t count = 1);
  ~io_threads(); ///< Stops and joins. Whatever was under way ends with `ec::cancelled` before.

  io_threads(const io_threads&) = delete;
  io_threads& operator=(const io_threads&) = delete;

  std::size_t count() const noexcept { return threads_.size(); }
  /// What the parts of this folder share on one of the threads.
  loop& shared(std::size_t index = 0) noexcept;
  /// Which of the threads the caller is on; 0 if it's none of them.
  static std::size_t current() noexcept;

  /// Ends the loops and joins the threads; idempotent. Not to be called on one of them.
  /// What is asked for later ends with `ec::cancelled` at once, on the thread of the one who asks.
  void stop();

private:
  std::vector<std::unique_ptr<io_thread>> threads_;
};

} // namespace opr::net
