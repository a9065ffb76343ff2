#include "net/io_threads.hpp"

#include "net/loop/loop.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <thread>

namespace opr::net {

namespace {

thread_local std::size_t index_of_this_thread = 0;

} // namespace

/// One of them.
class io_thread {
public:
  explicit io_thread(std::size_t index)
      : work_(context_.get_executor()), loop_(context_), thread_([this, index] {
          index_of_this_thread = index;
          context_.run();
        }) {}

  loop& shared() noexcept { return loop_; }

  void stop() {
    if (!thread_.joinable())
      return;
    boost::asio::post(context_, [this] {
      loop_.end();
      context_.stop();
    });
    thread_.join();
  }

private:
  boost::asio::io_context context_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
  loop loop_;
  std::thread thread_;
};

io_threads::io_threads(std::size_t count) {
  for (std::size_t i = 0; i < count; ++i)
    threads_.push_back(std::make_unique<io_thread>(i));
}

io_threads::~io_threads() { stop(); }

loop& io_threads::shared(std::size_t index) noexcept { return threads_[index]->shared(); }

std::size_t io_threads::current() noexcept { return index_of_this_thread; }

void io_threads::stop() {
  for (auto& one : threads_)
    one->stop();
}

} // namespace opr::net
