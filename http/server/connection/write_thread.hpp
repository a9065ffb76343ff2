#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <vector>

namespace opr::http {

class channel;

/// The one thread that waits for slow readers: it sends on what their sockets didn't take at once. It is also
/// the front end's clock.
class write_thread {
public:
  /// @param tick How often blocked channels are checked for their time limit, and `on_tick` is called.
  write_thread(std::chrono::milliseconds tick, std::function<void()> on_tick);
  ~write_thread(); ///< Stops.

  write_thread(const write_thread&) = delete;
  write_thread& operator=(const write_thread&) = delete;

  void start();
  /// Ends the thread; channels that it still watched are let go.
  void stop();

  /// Tells the channel whenever that descriptor, its own, can be written to.
  void watch(int descriptor, std::shared_ptr<channel> blocked);
  /// To be called before the descriptor is closed.
  void unwatch(int descriptor);

private:
  void run();
  std::shared_ptr<channel> find(int descriptor);
  std::vector<std::shared_ptr<channel>> all();

  const std::chrono::milliseconds tick_;
  const std::function<void()> on_tick_;
  int epoll_;
  int stop_event_;
  std::mutex mutex_;
  std::unordered_map<int, std::shared_ptr<channel>> blocked_;
  std::thread thread_;
};

} // namespace opr::http
