#include "tests/integration/redis/support/store_under_test.hpp"

#include <stdexcept>
#include <thread>
#include <utility>

namespace opr::test {

namespace {

using namespace std::chrono_literals;

constexpr auto patience = 30s;

template <class F>
void wait_until(F is_so) {
  auto deadline = std::chrono::steady_clock::now() + patience;
  while (!is_so()) {
    if (std::chrono::steady_clock::now() > deadline)
      throw std::runtime_error("the trouble neither came nor went");
    std::this_thread::sleep_for(10ms);
  }
}

} // namespace

store_under_test::store_under_test(const std::string& dsn) {
  auto where = parse_state_dsn(dsn);
  if (!where)
    throw std::runtime_error(where.error().detail);
  store_ = make_redis_store(std::move(*where), [this](executors_view_ptr view) {
    std::lock_guard lock(mutex_);
    last_ = std::move(view);
    ++views_;
    came_.notify_all();
  });
}

executors_view store_under_test::wait_for(const std::function<bool(const executors_view&)>& is_so) {
  std::unique_lock lock(mutex_);
  if (!came_.wait_for(lock, patience, [&] { return last_ && is_so(*last_); }))
    throw std::runtime_error("no such view came");
  return *last_;
}

executors_view store_under_test::wait_for(const std::string& executor, const std::string& runtime_id) {
  return wait_for([&](const executors_view& view) { return has_runtime(view, executor, runtime_id); });
}

executors_view store_under_test::next() {
  std::unique_lock lock(mutex_);
  if (!came_.wait_for(lock, patience, [this, seen = views_] { return views_ > seen; }))
    throw std::runtime_error("no view came");
  return *last_;
}

void store_under_test::wait_for_trouble(bool is_in_trouble) {
  wait_until([&] { return store_->trouble().empty() != is_in_trouble; });
}

void store_under_test::wait_for_trouble_with(const std::string& word) {
  wait_until([&] { return store_->trouble().find(word) != std::string::npos; });
}

bool has_runtime(const executors_view& view, const std::string& executor, const std::string& runtime_id) {
  auto found = view.find(executor);
  return found != view.end() && found->second.runtimes.count(runtime_id) != 0;
}

} // namespace opr::test
