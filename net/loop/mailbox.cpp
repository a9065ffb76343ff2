#include "net/loop/mailbox.hpp"

#include <boost/asio/post.hpp>

#include <utility>

namespace opr::net {

bool addressee::signal(unsigned bits) {
  if (pending_.fetch_or(bits, std::memory_order_acq_rel) != 0)
    return true;
  return box_->post(shared_from_this());
}

bool mailbox::post(std::shared_ptr<addressee> whom) {
  // The wake-up stays under the mutex: after `close` the context may be gone.
  std::lock_guard lock(mutex_);
  if (closed_)
    return false;
  waiting_.push_back(std::move(whom));
  if (waiting_.size() == 1)
    boost::asio::post(context_, [this] { deliver(); });
  return true;
}

void mailbox::close() {
  {
    std::lock_guard lock(mutex_);
    closed_ = true;
  }
  deliver();
}

void mailbox::deliver() {
  {
    std::lock_guard lock(mutex_);
    batch_.swap(waiting_);
  }
  for (auto& whom : batch_)
    std::exchange(whom, nullptr)->take_turn();
  batch_.clear();
}

} // namespace opr::net
