#pragma once

#include "http/server/server.hpp"
#include "support/client.hpp"
#include "tests/support/descriptor.hpp"
#include "tests/support/eventually.hpp"

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace opr::http::test {

/// Options with limits that fit a test: loopback, a free port.
server_options loopback();

/// A whole answer with that body.
response text(std::string body);

/// Requests that wait to be answered by the test itself, from its own thread.
class held_requests {
public:
  struct held {
    request asked;
    responder out;
  };

  http::handler handler();
  /// The next request; waits for it. Throws when none comes in `client::patience`.
  held next();

private:
  std::mutex mutex_;
  std::condition_variable came_;
  std::deque<held> waiting_;
};

/// Something that another thread will do: the test waits for it.
class signal {
public:
  void set();
  /// @returns Whether it came within that time.
  bool wait(std::chrono::milliseconds limit = client::patience);
  std::function<void()> setter() {
    return [this] { set(); };
  }

private:
  std::mutex mutex_;
  std::condition_variable came_;
  bool is_set_ = false;
};

/// Does pieces of work on several threads, each after its own delay.
class later {
public:
  explicit later(size_t threads);
  ~later(); ///< Does all that is left, at once.

  void run_in(std::chrono::microseconds delay, std::function<void()> work);

private:
  struct entry {
    std::chrono::steady_clock::time_point at;
    std::function<void()> work;
    bool operator<(const entry& other) const { return at > other.at; }
  };

  void run();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<entry> entries_; ///< A heap, the earliest first.
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

using opr::test::eventually;
using opr::test::open_descriptors;

/// Bytes of memory that this process has: may write to, in use, and in use at the most since `forget_peak`,
/// which says what is in use.
size_t writable_memory();
size_t resident_memory();
size_t peak_memory();
size_t forget_peak();
/// CPU time that this process has used.
std::chrono::microseconds cpu_time();

} // namespace opr::http::test
