#include "actors/proxy/redis_store.hpp"

#include "actors/proxy/redis/link.hpp"
#include "actors/proxy/redis/own_state.hpp"
#include "actors/proxy/redis/shared_view.hpp"
#include "core/clock.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <csignal>
#include <mutex>
#include <thread>
#include <utility>

namespace opr {

namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

constexpr auto read_interval = 1s;
constexpr milliseconds shortest_pause{100};
constexpr milliseconds longest_pause{2000};

class redis_store final : public state_store {
public:
  redis_store(state_dsn where, on_shared_view tell);
  ~redis_store() override;
  redis_store(const redis_store&) = delete;
  redis_store& operator=(const redis_store&) = delete;

  void publish(const std::string& executor, executor_view what) override {
    change([&] { own_.publish(executor, std::move(what)); });
  }
  void mark(const std::string& executor, const std::string& runtime_id, runtime_view what) override {
    change([&] { own_.mark(executor, runtime_id, what); });
  }
  void withdraw(const std::string& executor) override {
    change([&] { own_.withdraw(executor); });
  }
  std::string trouble() const override;

private:
  template <class F>
  void change(F what);
  void run();
  result<done> work(std::unique_lock<std::mutex>& lock);
  result<done> write(const std::vector<redis::unit>& news);
  result<done> read();
  void note_end(const result<done>& how);

  mutable std::mutex mutex_; // not held while Redis is waited for
  std::condition_variable changed_;
  redis::own_state own_;
  std::string trouble_ = "Redis wasn't reached yet";
  std::atomic<bool> is_over_{false};

  // The thread's own.
  redis::link link_;
  redis::view_reader reader_;
  const on_shared_view tell_;
  time_point next_read_{};
  milliseconds pause_ = shortest_pause;
  std::thread thread_; // last: uses all of the above
};

redis_store::redis_store(state_dsn where, on_shared_view tell)
    : link_(std::move(where)), tell_(std::move(tell)) {
  link_.is_over = [this] { return is_over_.load(); };
  // All signals, so that they go to who waits for them; SIGPIPE, because hiredis writes to closed
  // connections.
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  thread_ = std::thread([this] { run(); });
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

redis_store::~redis_store() {
  {
    std::lock_guard lock(mutex_);
    is_over_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

std::string redis_store::trouble() const {
  std::lock_guard lock(mutex_);
  return trouble_;
}

template <class F>
void redis_store::change(F what) {
  std::lock_guard lock(mutex_);
  auto knew = own_.has_news();
  what();
  if (!knew && own_.has_news())
    changed_.notify_all();
}

void redis_store::run() {
  std::unique_lock lock(mutex_);
  while (!is_over_) {
    auto how = work(lock);
    note_end(how);
    if (how) {
      pause_ = shortest_pause;
      changed_.wait_until(lock, next_read_, [this] { return is_over_ || own_.has_news(); });
      continue;
    }
    own_.tell_all_again();
    next_read_ = {};
    changed_.wait_for(lock, pause_, [this] { return is_over_.load(); });
    pause_ = std::min(pause_ * 2, longest_pause);
  }
}

/// Writes what is new and reads what is due; what a detour may have lost is told once a read is.
/// @param lock Held by the caller; let go of meanwhile.
result<done> redis_store::work(std::unique_lock<std::mutex>& lock) {
  if (clock::now() >= next_read_ && link_.took_detour())
    own_.tell_all_again();
  auto news = own_.take_news();
  lock.unlock();
  auto how = write(news);
  if (how && clock::now() >= next_read_)
    how = read();
  lock.lock();
  return how;
}

result<done> redis_store::write(const std::vector<redis::unit>& news) {
  if (news.empty())
    return done{};
  auto answers = link_.run(news);
  if (!answers)
    return answers.error();
  for (std::size_t i = 0; i < news.size(); ++i)
    if ((*answers)[i].is_refused)
      reader_.complain("key " + news[i].key + " holds no hash, and can't be written");
  return done{};
}

result<done> redis_store::read() {
  auto view = reader_.read(link_);
  if (!view)
    return view.error();
  next_read_ = clock::now() + read_interval;
  tell_(std::move(*view));
  return done{};
}

/// The log tells a change, not every try.
void redis_store::note_end(const result<done>& how) {
  if (is_over_)
    return;
  auto before = std::exchange(trouble_, how ? std::string{} : "Redis can't be used: " + how.error().detail);
  if (how && !before.empty())
    spdlog::info("shared state is read from Redis and written there");
  else if (!how && before != trouble_)
    spdlog::error("shared state goes on with what is known: {}", trouble_);
}

} // namespace

std::unique_ptr<state_store> make_redis_store(state_dsn where, on_shared_view tell) {
  return std::make_unique<redis_store>(std::move(where), std::move(tell));
}

} // namespace opr
