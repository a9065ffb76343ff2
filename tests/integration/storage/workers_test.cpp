#include "storage/workers.hpp"

#include <catch2/catch.hpp>

#include <future>

using opr::storage::workers;

namespace {

/// A job that runs until it is let go.
struct held_job {
  std::promise<void> started;
  std::promise<void> let_go;
  std::function<void()> job() {
    return [this] {
      started.set_value();
      let_go.get_future().wait();
    };
  }
};

} // namespace

TEST_CASE("every job that was taken runs, also when the workers stop", "[storage]") {
  std::atomic<int> ran{0};
  workers pool(3);
  held_job first;
  REQUIRE(pool.run(first.job()));
  for (int i = 0; i < 100; ++i)
    REQUIRE(pool.run([&] { ++ran; }));
  first.started.get_future().wait();
  first.let_go.set_value();
  pool.stop();
  CHECK(ran == 100);
}

TEST_CASE("no job is taken once the workers stop, and a running one can see it", "[storage]") {
  workers pool(1);
  held_job first;
  std::promise<void> seen;
  REQUIRE(pool.run(first.job()));
  REQUIRE(pool.run([&] {
    if (pool.stopping() && !pool.run([] {}))
      seen.set_value();
  }));
  first.started.get_future().wait();
  auto stopped = std::async(std::launch::async, [&] { pool.stop(); });
  while (!pool.stopping())
    std::this_thread::yield();
  first.let_go.set_value();
  stopped.get();
  seen.get_future().get();
  CHECK_FALSE(pool.run([] {}));
  pool.stop();
}

TEST_CASE("a long job has no short one waiting behind it", "[storage]") {
  workers pool(2);
  held_job lengthy;
  REQUIRE(pool.run(lengthy.job()));
  lengthy.started.get_future().wait();
  std::promise<void> quick;
  REQUIRE(pool.run([&] { quick.set_value(); }));
  CHECK(quick.get_future().wait_for(std::chrono::seconds(10)) == std::future_status::ready);
  lengthy.let_go.set_value();
}

TEST_CASE("a job may queue another", "[storage]") {
  std::promise<void> second;
  workers pool(1);
  REQUIRE(pool.run([&] { REQUIRE(pool.run([&] { second.set_value(); })); }));
  second.get_future().get();
}
