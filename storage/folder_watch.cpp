#include "storage/folder_watch.hpp"

#include "net/loop/loop.hpp"

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <sys/inotify.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace opr::storage {

namespace {

using listener = std::shared_ptr<const std::function<void()>>;

struct watched {
  int number; ///< The kernel's: one for a folder, however often it is watched.
  listener tell;
};

} // namespace

/// Lives as long as somebody watches, which may be longer than the I/O thread does.
struct folder_watch::shared final : net::resident, std::enable_shared_from_this<shared> {
  ~shared() override {
    if (handle >= 0 && !events)
      ::close(handle);
  }

  void start(net::loop& on) {
    on.residents.insert(shared_from_this());
    events.emplace(on.context, handle);
    await();
  }

  void on_stop() override {
    std::lock_guard lock{mutex};
    handle = -1;
    events.reset();
  }

  void await() {
    auto told = [self = shared_from_this()](boost::system::error_code why, std::size_t size) {
      if (why || !self->events) // it may have come just before the end
        return;
      self->tell(size);
      self->await();
    };
    events->async_read_some(boost::asio::buffer(buffer), std::move(told));
  }

  void tell(std::size_t size) {
    for (std::size_t at = 0; at + sizeof(inotify_event) <= size;) {
      const auto* event = reinterpret_cast<const inotify_event*>(buffer.data() + at);
      at += sizeof(inotify_event) + event->len;
      for (const auto& one : listeners_of(event->wd))
        (*one)();
    }
  }

  std::vector<listener> listeners_of(int number) {
    std::lock_guard lock{mutex};
    std::vector<listener> found;
    for (const auto& [id, one] : listeners)
      if (one.number == number)
        found.push_back(one.tell);
    return found;
  }

  std::shared_ptr<void> add(const std::string& folder, std::function<void()> on_change) {
    std::lock_guard lock{mutex};
    auto number = inotify_add_watch(handle, folder.c_str(),
                                    IN_MODIFY | IN_CREATE | IN_MOVED_TO | IN_ONLYDIR | IN_DONT_FOLLOW);
    if (number < 0)
      return nullptr;
    auto id = ++last_id;
    listeners.emplace(id,
                      watched{number, std::make_shared<const std::function<void()>>(std::move(on_change))});
    return {this, [self = shared_from_this(), id](void*) { self->remove(id); }};
  }

  void remove(uint64_t id) {
    std::lock_guard lock{mutex};
    auto found = listeners.find(id);
    if (found == listeners.end())
      return;
    auto number = found->second.number;
    listeners.erase(found);
    auto is_same = [number](const auto& one) { return one.second.number == number; };
    if (std::none_of(listeners.begin(), listeners.end(), is_same))
      inotify_rm_watch(handle, number);
  }

  std::optional<boost::asio::posix::stream_descriptor> events; ///< Of the I/O thread, as is the buffer.
  alignas(inotify_event) std::array<char, 16 * 1024> buffer{};

  std::mutex mutex;                                     ///< Of what follows.
  int handle = inotify_init1(IN_NONBLOCK | IN_CLOEXEC); ///< What `events` reads; -1: nobody is told any more.
  std::map<uint64_t, watched> listeners;
  uint64_t last_id = 0;
};

folder_watch::folder_watch(net::io_threads& io) : shared_(std::make_shared<shared>()), loop_(io.shared()) {
  if (shared_->handle >= 0)
    boost::asio::post(loop_.context, [self = shared_, &on = loop_] { self->start(on); });
}

folder_watch::~folder_watch() {
  {
    std::lock_guard lock{shared_->mutex};
    shared_->listeners.clear();
  }
  boost::asio::post(loop_.context, [self = shared_, &on = loop_] {
    on.residents.erase(self);
    self->on_stop();
  });
}

std::shared_ptr<void> folder_watch::watch(const std::string& folder, std::function<void()> on_change) {
  return shared_->add(folder, std::move(on_change));
}

} // namespace opr::storage
