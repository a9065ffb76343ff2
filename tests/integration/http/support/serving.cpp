#include "support/serving.hpp"

#include <algorithm>
#include <fstream>
#include <stdexcept>
#include <sys/resource.h>

namespace opr::http::test {

namespace {

/// A figure of `/proc/self/status`, in bytes.
size_t memory(const std::string& name) {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;)
    if (word == name) {
      size_t kilobytes = 0;
      status >> kilobytes;
      return kilobytes * 1024;
    }
  return 0;
}

} // namespace

server_options loopback() {
  server_options out;
  out.address = "127.0.0.1";
  out.server_name = "Test";
  return out;
}

response text(std::string body) { return {200, {{"Content-Type", "text/plain"}}, std::move(body)}; }

http::handler held_requests::handler() {
  return [this](request&& asked, responder out) {
    std::lock_guard lock(mutex_);
    waiting_.push_back({std::move(asked), std::move(out)});
    came_.notify_one();
  };
}

held_requests::held held_requests::next() {
  std::unique_lock lock(mutex_);
  if (!came_.wait_for(lock, client::patience, [this] { return !waiting_.empty(); }))
    throw std::runtime_error("no request came");
  auto out = std::move(waiting_.front());
  waiting_.pop_front();
  return out;
}

void signal::set() {
  std::lock_guard lock(mutex_);
  is_set_ = true;
  came_.notify_all();
}

bool signal::wait(std::chrono::milliseconds limit) {
  std::unique_lock lock(mutex_);
  return came_.wait_for(lock, limit, [this] { return is_set_; });
}

later::later(size_t threads) {
  for (size_t i = 0; i < threads; ++i)
    threads_.emplace_back([this] { run(); });
}

later::~later() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  for (auto& thread : threads_)
    thread.join();
}

void later::run_in(std::chrono::microseconds delay, std::function<void()> work) {
  std::lock_guard lock(mutex_);
  entries_.push_back({std::chrono::steady_clock::now() + delay, std::move(work)});
  std::push_heap(entries_.begin(), entries_.end());
  changed_.notify_one();
}

void later::run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    if (entries_.empty()) {
      if (stopping_)
        return;
      changed_.wait(lock);
      continue;
    }
    const auto at = entries_.front().at;
    if (!stopping_ && std::chrono::steady_clock::now() < at) {
      changed_.wait_until(lock, at);
      continue;
    }
    std::pop_heap(entries_.begin(), entries_.end());
    auto work = std::move(entries_.back().work);
    entries_.pop_back();
    lock.unlock();
    work();
    work = nullptr;
    lock.lock();
  }
}

size_t writable_memory() { return memory("VmData:"); }

size_t resident_memory() { return memory("VmRSS:"); }

size_t peak_memory() { return memory("VmHWM:"); }

size_t forget_peak() {
  std::ofstream("/proc/self/clear_refs") << 5;
  return resident_memory();
}

std::chrono::microseconds cpu_time() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  const auto sum = [](const timeval& t) {
    return std::chrono::seconds(t.tv_sec) + std::chrono::microseconds(t.tv_usec);
  };
  return sum(used.ru_utime) + sum(used.ru_stime);
}

} // namespace opr::http::test
