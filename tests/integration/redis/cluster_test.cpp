#include "actors/proxy/redis/slot.hpp"
#include "tests/integration/redis/support/servers.hpp"
#include "tests/integration/redis/support/store_under_test.hpp"

#include <catch2/catch.hpp>

using namespace opr;
using namespace opr::test;
using namespace std::chrono_literals;

namespace {

const auto executors_slot = redis::slot_of("{executors}");
const auto runtimes_slot = redis::slot_of("{executors-runtimes}:exc1");

bool has_both(const executors_view& view) {
  return has_runtime(view, "exc1", "a") && has_runtime(view, "exc1", "b");
}

} // namespace

TEST_CASE("in a cluster, each key is kept where it belongs", "[redis]") {
  redis_cluster cluster;
  auto& last = cluster.other_than(cluster.owner(runtimes_slot));
  store_under_test one(cluster.dsn(last));
  store_under_test other("redis-cluster://[" + to_string(cluster.owner(executors_slot).where()) + "]");
  one->publish("exc1", {true, 5, {{"a", {}}}});
  other.wait_for("exc1", "a");
  CHECK(cluster.owner(executors_slot).run({"HLEN", "{executors}"}) == "1");
  CHECK(cluster.owner(runtimes_slot).run({"HLEN", "{executors-runtimes}:exc1"}) == "1");
  one.wait_for_trouble(false);
}

TEST_CASE("in a cluster, keys are followed to where they have moved", "[redis]") {
  redis_cluster cluster;
  auto& first = cluster.owner(runtimes_slot);
  store_under_test store(cluster.dsn(first));
  store->publish("exc1", {true, 5, {{"a", {}}}});
  store.wait_for("exc1", "a");
  auto& second = cluster.other_than(first);
  cluster.move(runtimes_slot, second);
  store->mark("exc1", "b", {});
  store.wait_for("exc1", "b");
  CHECK(second.run({"HLEN", "{executors-runtimes}:exc1"}) == "2");
}

TEST_CASE("in a cluster, the replica of a dead server takes its place", "[redis]") {
  redis_cluster cluster;
  cluster.replicate(runtimes_slot);
  auto& owner = cluster.owner(runtimes_slot);
  store_under_test one(cluster.dsn(owner));
  store_under_test other(cluster.dsn(owner));
  one->publish("exc1", {true, 5, {{"a", {}}}});
  other.wait_for("exc1", "a");
  bool is_frozen = GENERATE(false, true);
  CAPTURE(is_frozen);
  is_frozen ? owner.freeze() : owner.kill();
  one->mark("exc1", "b", {});
  other.wait_for(has_both);
  one.wait_for_trouble(false);
}

TEST_CASE("in a cluster, what a replica had not got when it took its master's place is told again",
          "[redis]") {
  redis_cluster cluster;
  auto& owner = cluster.owner(runtimes_slot);
  auto& replica = cluster.replicate(runtimes_slot);
  store_under_test one(cluster.dsn(owner));
  store_under_test other(cluster.dsn(owner));
  replica.freeze();
  owner.run({"CLIENT", "KILL", "TYPE", "replica"});
  one->publish("exc1", {true, 5, {{"a", {}}}});
  other.wait_for("exc1", "a");
  owner.freeze();
  replica.thaw();
  one->mark("exc1", "b", {});
  other.wait_for(has_both);
  one.wait_for_trouble(false);
}

TEST_CASE("a dead server among those that were named is passed over", "[redis]") {
  redis_cluster cluster;
  redis_server dead;
  dead.kill();
  auto text = cluster.dsn(dead);
  store_under_test store(text);
  store->publish("exc1", {true, 5, {{"a", {}}}});
  store.wait_for("exc1", "a");
  store.wait_for_trouble(false);
}

TEST_CASE("a server of no cluster is not taken for one", "[redis]") {
  redis_server redis;
  store_under_test store("redis-cluster://[" + to_string(redis.where()) + "]");
  store.wait_for_trouble(true);
  CHECK(time_of([&] { store.end(); }) < 3s);
}
