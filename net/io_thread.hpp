#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <memory>
#include <thread>

namespace opr::net {

class loop;

/// The one thread that does all outbound I/O. Handlers run on it and must neither block nor throw.
class io_thread {
public:
  io_thread();
  ~io_thread(); ///< Stops and joins. Whatever was under way ends with `ec::cancelled` before.

  io_thread(const io_thread&) = delete;
  io_thread& operator=(const io_thread&) = delete;

  boost::asio::io_context& context() noexcept { return context_; }
  /// What the parts of this folder share on the thread.
  loop& shared() noexcept { return *loop_; }

  /// Ends the loop and joins the thread; idempotent. Not to be called on the thread itself.
  /// What is asked for later ends with `ec::cancelled` at once, on the thread of the one who asks.
  void stop();

private:
  boost::asio::io_context context_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
  std::unique_ptr<loop> loop_;
  std::thread thread_;
};

} // namespace opr::net
