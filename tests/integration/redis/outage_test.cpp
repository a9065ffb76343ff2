#include "tests/integration/redis/support/servers.hpp"
#include "tests/integration/redis/support/store_under_test.hpp"

#include <catch2/catch.hpp>

#include <thread>

using namespace opr;
using namespace opr::test;
using namespace std::chrono_literals;

TEST_CASE("a Redis that isn't there at start is used when it comes", "[redis]") {
  redis_server redis;
  redis.kill();
  store_under_test store(redis.dsn());
  store->publish("exc1", {true, 0, {{"a", {}}}});
  store.wait_for_trouble(true);
  redis.start();
  store.wait_for("exc1", "a");
  store.wait_for_trouble(false);
}

TEST_CASE("a Redis that was killed and comes back empty has all again, from each proxy", "[redis]") {
  redis_server redis;
  store_under_test one(redis.dsn());
  store_under_test other(redis.dsn());
  one->publish("exc1", {true, 0, {{"a", {}}}});
  other->publish("exc2", {true, 0, {{"b", {}}}});
  one.wait_for("exc2", "b");
  other.wait_for("exc1", "a");
  redis.kill();
  one.wait_for_trouble(true);
  one->mark("exc1", "meanwhile", {});
  redis.start();
  auto view = other.wait_for("exc1", "meanwhile");
  CHECK(has_runtime(view, "exc1", "a"));
  one.wait_for("exc2", "b");
  one.wait_for_trouble(false);
}

TEST_CASE("nobody waits while Redis is frozen, and nothing is lost", "[redis]") {
  redis_server redis;
  store_under_test one(redis.dsn());
  store_under_test other(redis.dsn());
  one->publish("exc1", {true, 0, {{"a", {}}}});
  other.wait_for("exc1", "a");
  redis.freeze();
  one.wait_for_trouble(true);
  auto longest = 0ns;
  for (int i = 0; i < 1000; ++i)
    longest = std::max(longest, time_of([&] { one->mark("exc1", "r" + std::to_string(i), {}); }));
  longest = std::max(longest, time_of([&] { one->publish("exc2", {true, 0, {{"b", {}}}}); }));
  longest = std::max(longest, time_of([&] { one->trouble(); }));
  CHECK(longest < 500ms); // The machine may take some of it.
  std::this_thread::sleep_for(3s);
  redis.thaw();
  other.wait_for("exc1", "r999");
  other.wait_for("exc2", "b");
  one.wait_for_trouble(false);
  other.wait_for_trouble(false);
}

TEST_CASE("a store ends soon, in whatever state Redis is", "[redis]") {
  redis_server redis;
  store_under_test store(redis.dsn());
  auto state = GENERATE(as<std::string>{}, "well", "frozen", "gone");
  CAPTURE(state);
  store->publish("exc1", {true, 0, {{"a", {}}}});
  store.wait_for("exc1", "a");
  if (state == "frozen")
    redis.freeze();
  if (state == "gone")
    redis.kill();
  if (state != "well")
    store.wait_for_trouble(true);
  CHECK(time_of([&] { store.end(); }) < 3s);
}

TEST_CASE("a Redis that refuses to write is trouble, until it takes it", "[redis]") {
  redis_server redis;
  store_under_test store(redis.dsn());
  store.next();
  redis.run({"CONFIG", "SET", "maxmemory", "1"});
  store->publish("exc1", {true, 0, {{"a", {}}}});
  store.wait_for_trouble_with("OOM");
  redis.run({"CONFIG", "SET", "maxmemory", "0"});
  store.wait_for("exc1", "a");
  store.wait_for_trouble(false);
}

TEST_CASE("what another proxy removed by mistake is back with the next health check", "[redis]") {
  redis_server redis;
  store_under_test store(redis.dsn());
  store->publish("exc1", {true, 0, {{"a", {}}}});
  store.wait_for("exc1", "a");
  redis.run({"FLUSHALL"});
  store.wait_for([](const auto& view) { return view.empty(); });
  store->publish("exc1", {true, 0, {{"a", {}}}});
  store.wait_for("exc1", "a");
}
