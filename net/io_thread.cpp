#include "net/io_thread.hpp"

#include "net/loop/loop.hpp"

#include <boost/asio/post.hpp>

namespace opr::net {

io_thread::io_thread()
    : work_(context_.get_executor()), loop_(std::make_unique<loop>(context_)),
      thread_([this] { context_.run(); }) {}

io_thread::~io_thread() { stop(); }

void io_thread::stop() {
  if (!thread_.joinable())
    return;
  boost::asio::post(context_, [this] {
    loop_->end();
    context_.stop();
  });
  thread_.join();
}

} // namespace opr::net
