#include "actors/proxy/routing.hpp"

#include <catch2/catch.hpp>

#include <map>
#include <set>
#include <string>

using namespace opr;

namespace {

/// Three executors that are online and idle.
std::vector<standing> three() {
  std::vector<standing> all(3);
  all[0].name = "one";
  all[1].name = "two";
  all[2].name = "three";
  return all;
}

/// All that may be chosen, over many turns and chances.
std::set<std::size_t> choices(const std::vector<standing>& all, wish what) {
  std::set<std::size_t> found;
  for (uint64_t i = 0; i < 60; ++i) {
    what.turn = i;
    what.chance = i * 7919;
    if (auto one = choose(all, what))
      found.insert(*one);
  }
  return found;
}

using indices = std::set<std::size_t>;

std::string runtime(int i) { return "runtime-" + std::to_string(i); }

/// Where `hash` sends each of the runtimes.
std::map<std::string, std::string> owners(const std::vector<standing>& all, int runtimes) {
  std::map<std::string, std::string> found;
  for (int i = 0; i < runtimes; ++i)
    found[runtime(i)] = all[*choose(all, {runtime(i), addressing::efficient, algorithm::hash, 0, 0})].name;
  return found;
}

} // namespace

TEST_CASE("where the runtime is up goes before where there is room", "[routing]") {
  auto all = three();
  all[1].runtime = runtime_view{true, 10};
  all[1].usage = 95; // A busy host is no reason to start the runtime again elsewhere.
  CHECK(choices(all, {"r"}) == indices{1});
}

TEST_CASE("a runtime that is busy or broken is no reason to go there", "[routing]") {
  auto all = three();
  all[1].runtime = GENERATE(runtime_view{true, 80}, runtime_view{false, 0});
  CHECK(choices(all, {"r"}) == indices{0, 1, 2});
}

TEST_CASE("a host that isn't busy goes before one that is", "[routing]") {
  auto all = three();
  all[0].usage = 80;
  all[2].usage = 79.9;
  all[1].usage = 100;
  CHECK(choices(all, {}) == indices{2});
}

TEST_CASE("a busy host goes before one that is offline, and that one before none", "[routing]") {
  auto all = three();
  all[0].usage = 99;
  all[1].online = all[2].online = false;
  CHECK(choices(all, {}) == indices{0});
  all[0].reachable = false;
  CHECK(choices(all, {}) == indices{1, 2});
}

TEST_CASE("who can't be connected to, or was tried, is not chosen by any method", "[routing]") {
  auto method = GENERATE(addressing::efficient, addressing::fast);
  auto all = three();
  all[0].reachable = false;
  all[0].runtime = runtime_view{true, 0};
  all[1].tried = true;
  CHECK(choices(all, {"r", method}) == indices{2});
  all[2].tried = true;
  CHECK(choices(all, {"r", method}).empty());
  CHECK(choices({}, {"r", method}).empty());
}

TEST_CASE("the fast method takes any that is online, wherever the runtime is and whatever the algorithm",
          "[routing]") {
  auto all = three();
  all[0].runtime = runtime_view{true, 0};
  all[1].usage = 100;
  all[2].online = false;
  auto by = GENERATE(algorithm::first, algorithm::round_robin, algorithm::hash, algorithm::random);
  CHECK(choices(all, {"r", addressing::fast, by}) == indices{0, 1});
}

TEST_CASE("a broadcast goes to all that are online and can be reached", "[routing]") {
  auto all = three();
  CHECK(audience(all) == std::vector<std::size_t>{0, 1, 2});
  all[0].online = false;
  all[1].reachable = false;
  CHECK(audience(all) == std::vector<std::size_t>{2});
}

TEST_CASE("round-robin goes around, over those that are fit", "[routing]") {
  auto all = three();
  std::vector<std::size_t> order;
  for (uint64_t turn = 0; turn < 6; ++turn)
    order.push_back(*choose(all, {"", addressing::efficient, algorithm::round_robin, turn, 0}));
  CHECK(order == std::vector<std::size_t>{0, 1, 2, 0, 1, 2});
  all[1].reachable = false;
  CHECK(choices(all, {"", addressing::efficient, algorithm::round_robin}) == indices{0, 2});
}

TEST_CASE("first and last are those among the fit", "[routing]") {
  auto all = three();
  CHECK(choices(all, {"", addressing::efficient, algorithm::first}) == indices{0});
  CHECK(choices(all, {"", addressing::efficient, algorithm::last}) == indices{2});
  all[0].online = all[2].online = false;
  CHECK(choices(all, {"", addressing::efficient, algorithm::first}) == indices{1});
  CHECK(choices(all, {"", addressing::efficient, algorithm::last}) == indices{1});
}

TEST_CASE("random chooses each as often", "[routing]") {
  auto all = three();
  std::map<std::size_t, int> counts;
  for (uint64_t i = 0; i < 3000; ++i)
    ++counts[*choose(all, {"", addressing::efficient, algorithm::random, 0, i})];
  for (std::size_t i = 0; i < 3; ++i)
    CHECK(counts[i] == 1000);
}

TEST_CASE("by hash, a runtime is always sent to the same executor", "[routing]") {
  auto all = three();
  for (int i = 0; i < 50; ++i)
    CHECK(choices(all, {runtime(i), addressing::efficient, algorithm::hash}).size() == 1);
}

TEST_CASE("by hash, each executor has its share of the runtimes", "[routing]") {
  std::map<std::string, int> share;
  for (const auto& [id, owner] : owners(three(), 3000))
    ++share[owner];
  for (const auto& [owner, count] : share)
    CHECK(count == Approx(1000).epsilon(0.1));
}

TEST_CASE("by hash, of 50 runtimes only those of an executor that leaves move, and return with it",
          "[routing]") {
  auto all = three();
  auto before = owners(all, 50);
  auto leaves = GENERATE(0U, 1U, 2U);
  SECTION("killed") { all[leaves].reachable = false; }
  SECTION("unhealthy") { all[leaves].online = false; }
  auto during = owners(all, 50);
  for (const auto& [id, owner] : before) {
    if (owner == all[leaves].name)
      CHECK(during[id] != owner);
    else
      CHECK(during[id] == owner);
  }
  all[leaves].reachable = all[leaves].online = true;
  CHECK(owners(all, 50) == before);
}

TEST_CASE("by hash, all proxies agree, in whatever order they know the executors", "[routing]") {
  auto all = three();
  auto other = all;
  std::swap(other[0], other[2]);
  CHECK(owners(all, 50) == owners(other, 50));
}

TEST_CASE("by hash, the owner is passed over as long as it has far more to do than the others", "[routing]") {
  auto all = three();
  const wish what{"r", addressing::efficient, algorithm::hash};
  auto owner = *choose(all, what);
  all[owner].runtime = runtime_view{true, 0};
  all[owner].in_flight = 30;
  CHECK(*choose(all, what) == owner);
  all[owner].in_flight = 100;
  CHECK(*choose(all, what) != owner);
  for (auto& one : all)
    one.in_flight = 100;
  CHECK(*choose(all, what) == owner);
}

TEST_CASE("by hash, an executor that is alone is never passed over", "[routing]") {
  auto all = three();
  all.resize(1);
  all[0].in_flight = 100000;
  CHECK(choices(all, {"r", addressing::efficient, algorithm::hash}) == indices{0});
}

TEST_CASE("by hash, requests for no runtime are spread", "[routing]") {
  CHECK(choices(three(), {"", addressing::efficient, algorithm::hash}) == indices{0, 1, 2});
}

TEST_CASE("the words of settings and headers are known, and no others", "[routing]") {
  for (const auto* word : {"round-robin", "random", "first", "last", "hash"})
    CHECK(parse_algorithm(word));
  for (const auto* word : {"anycast-efficient", "anycast-fast", "broadcast"})
    CHECK(parse_addressing(word));
  for (const auto* word : {"", "Random", "round_robin", "anycast"}) {
    CHECK_FALSE(parse_algorithm(word));
    CHECK_FALSE(parse_addressing(word));
  }
}
