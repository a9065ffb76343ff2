#include "tests/integration/redis/support/servers.hpp"
#include "tests/integration/redis/support/store_under_test.hpp"

#include <catch2/catch.hpp>

#include <thread>

using namespace opr;
using namespace opr::test;
using namespace std::chrono_literals;

TEST_CASE("what one proxy writes another reads", "[redis]") {
  redis_server redis;
  store_under_test one(redis.dsn());
  store_under_test other(redis.dsn());
  one->publish("exc1", {true, 12.5, {{"a", {true, 30}}, {"b", {false, 0}}}});
  other->publish("exc2:9900", {false, 0, {}});
  auto view = other.wait_for("exc1", "b");
  CHECK(view["exc1"].online);
  CHECK(view["exc1"].usage == 12.5);
  CHECK(view["exc1"].runtimes["a"].passes);
  CHECK(view["exc1"].runtimes["a"].usage == 30);
  CHECK_FALSE(view["exc1"].runtimes["b"].passes);
  view = one.wait_for([](const auto& now) { return now.size() == 2; });
  CHECK_FALSE(view["exc2:9900"].online);
  other->mark("exc1", "c", {});
  one.wait_for("exc1", "c");
}

TEST_CASE("keys and values are those that other proxies know", "[redis]") {
  redis_server redis;
  store_under_test store(redis.dsn());
  store->publish("exc1", {true, 12.5, {{"a", {true, 30}}}});
  store.wait_for("exc1", "a");
  CHECK(redis.run({"HGETALL", "{executors}"}) == R"(exc1 {"status":"online","usage":12.5})");
  CHECK(redis.run({"HGETALL", "{executors-runtimes}:exc1"}) == R"(a {"status":"pass","usage":30.0})");
}

TEST_CASE("a list that has become empty overwrites the one that stood there", "[redis]") {
  redis_server redis;
  store_under_test store(redis.dsn());
  store->publish("exc1", {true, 0, {{"a", {}}}});
  store.wait_for("exc1", "a");
  store->publish("exc1", {true, 0, {}});
  store.wait_for([](const auto& view) { return !has_runtime(view, "exc1", "a"); });
  CHECK(redis.run({"EXISTS", "{executors-runtimes}:exc1"}) == "0");
}

TEST_CASE("an executor that was withdrawn is gone for all", "[redis]") {
  redis_server redis;
  store_under_test one(redis.dsn());
  store_under_test other(redis.dsn());
  one->publish("exc1", {true, 0, {{"a", {}}}});
  other.wait_for("exc1", "a");
  one->withdraw("exc1");
  other.wait_for([](const auto& view) { return view.empty(); });
  CHECK(redis.run({"DBSIZE"}) == "0");
}

TEST_CASE("garbage in Redis is left out, and what is good beside it is read", "[redis]") {
  redis_server redis;
  redis.run({"HSET", "{executors}", "bad", "no json", "list", "[1]", "number",
             R"({"status":"online","usage":"x"})", "a name", R"({"status":"online","usage":1})", "",
             R"({"status":"online","usage":1})", "good", R"({"status":"online","usage":1})", "typed",
             R"({"status":"online","usage":2})"});
  redis.run({"SET", "{executors-runtimes}:typed", "no hash"});
  redis.run({"HSET", "{executors-runtimes}:good", "x", "null", "y", R"({"status":"pass"})"});
  store_under_test store(redis.dsn());
  auto view = store.wait_for([](const auto& now) { return !now.empty(); });
  CHECK(view.size() == 2);
  CHECK(view["good"].runtimes.size() == 1);
  CHECK(view["good"].runtimes.count("y") == 1);
  CHECK(view["typed"].runtimes.empty());
  store.wait_for_trouble(false);
  store->publish("typed", {true, 3, {{"z", {}}}});
  store.wait_for("typed", "z");
}

TEST_CASE("a key of another type in place of the executors stops nobody", "[redis]") {
  redis_server redis;
  redis.run({"SET", "{executors}", "no hash"});
  store_under_test store(redis.dsn());
  store->publish("exc1", {true, 0, {}});
  CHECK(store.next().empty());
  CHECK(store.next().empty());
  store.wait_for_trouble(false);
  redis.run({"DEL", "{executors}"});
  store->publish("exc1", {true, 0, {}});
  store.wait_for([](const auto& view) { return view.size() == 1; });
}

TEST_CASE("very many executors and runtimes are read up to a bound", "[redis]") {
  redis_server redis;
  const std::string good = R"({"status":"online","usage":1})";
  for (int part = 0; part < 20; ++part) {
    redis::words executors{"HSET", "{executors}"};
    redis::words runtimes{"HSET", "{executors-runtimes}:e0"};
    for (int i = 0; i < 1000; ++i) {
      executors.insert(executors.end(), {"e" + std::to_string(part < 2 ? part * 1000 + i : i), good});
      runtimes.insert(runtimes.end(),
                      {"r" + std::to_string(part * 1000 + i), R"({"status":"pass","usage":1})"});
    }
    redis.run(executors);
    redis.run(runtimes);
  }
  store_under_test store(redis.dsn());
  auto view = store.wait_for([](const auto& now) { return !now.empty(); });
  CHECK(view.size() == 1000);
  if (view.count("e0") != 0)
    CHECK(view["e0"].runtimes.size() == 10000);
}

TEST_CASE("a value of many megabytes is given up on, and the rest is read on", "[redis]") {
  redis_server redis;
  store_under_test store(redis.dsn());
  store->publish("large", {true, 0, {{"a", {}}}});
  store->publish("small", {true, 0, {{"b", {}}}});
  store.wait_for("small", "b");
  redis.run({"HSET", "{executors-runtimes}:huge", "x", std::string(40000000, 'x')});
  redis.run({"HSET", "{executors}", "huge", R"({"status":"online","usage":1})"});
  auto view = store.wait_for([](const auto& now) { return now.count("huge") != 0; });
  CHECK(view["huge"].runtimes.empty());
  CHECK(has_runtime(view, "large", "a"));
  store.wait_for_trouble(false);
  store->mark("small", "later", {});
  store.wait_for("small", "later");
}

TEST_CASE("a login and a database are used", "[redis]") {
  redis_server redis;
  redis.run({"ACL", "SETUSER", "me", "on", ">w@rd", "~*", "&*", "+@all"});
  store_under_test store("redis://me:w%40rd@" + to_string(redis.where()) + "/3");
  store->publish("exc1", {true, 0, {{"a", {}}}});
  store.wait_for("exc1", "a");
  store.wait_for_trouble(false);
}

TEST_CASE("a wrong login is told, without the password", "[redis]") {
  redis_server redis({"--requirepass", "right"});
  store_under_test store("redis://:wr0ng@" + to_string(redis.where()));
  store.wait_for_trouble_with("login");
  CHECK(store->trouble().find("WRONGPASS") != std::string::npos);
  CHECK(store->trouble().find("wr0ng") == std::string::npos);
}
