#pragma once

#include "executor_under_test.hpp"

#include <atomic>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace opr::test {

/// Executes all the time, from several threads, until it goes or is ended. An answer that isn't right is kept
/// for the test to look at; a connection that breaks is none.
class background_load {
public:
  /// @param ask One request. @param is_right Whether its answer may come.
  background_load(int threads, std::function<api_answer(unsigned turn)> ask,
                  std::function<bool(unsigned turn, const api_answer&)> is_right) {
    for (int i = 0; i < threads; ++i)
      threads_.emplace_back([this, ask, is_right, turn = static_cast<unsigned>(i)]() mutable {
        for (; !ended_; turn += 7)
          ask_once(ask, is_right, turn);
      });
  }
  ~background_load() { end(); }
  background_load(const background_load&) = delete;
  background_load& operator=(const background_load&) = delete;

  void end() {
    ended_ = true;
    for (auto& one : threads_)
      if (one.joinable())
        one.join();
  }

  unsigned answered() const noexcept { return answered_; }
  std::string wrong() const {
    std::lock_guard lock{mutex_};
    return wrong_;
  }

private:
  void ask_once(const std::function<api_answer(unsigned)>& ask,
                const std::function<bool(unsigned, const api_answer&)>& is_right, unsigned turn) {
    try {
      auto answer = ask(turn);
      ++answered_;
      if (is_right(turn, answer))
        return;
      std::lock_guard lock{mutex_};
      wrong_ += std::to_string(answer.status) + " " + answer.text + "\n";
    } catch (const std::exception&) {
      std::this_thread::sleep_for(std::chrono::milliseconds(5)); // Nobody listens.
    }
  }

  std::atomic<bool> ended_{false};
  std::atomic<unsigned> answered_{0};
  mutable std::mutex mutex_;
  std::string wrong_;
  std::vector<std::thread> threads_;
};

} // namespace opr::test
