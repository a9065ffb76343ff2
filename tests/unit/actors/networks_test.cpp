#include "fixture.hpp"

#include <catch2/catch.hpp>

using namespace opr;
using namespace opr::test;

namespace {

executor_policy networked(std::string own_container = {}) {
  executor_policy policy;
  policy.networks = {"a", "b"};
  policy.own_container = std::move(own_container);
  return policy;
}

struct host_fixture : executor_fixture {
  host_fixture() : executor_fixture(networked()) {}
};

struct container_fixture : executor_fixture {
  container_fixture() : executor_fixture(networked("self")) {}
};

using texts = std::vector<std::string>;

} // namespace

TEST_CASE_METHOD(host_fixture, "runtimes are spread over the networks, and removals are made up for",
                 "[networks]") {
  auto network_of = [this](const std::string& id) {
    auto got = execute(cold_request(id));
    fetched();
    auto used = engine.last_spec.network;
    answer<std::string>(engine.creating, {ec::engine_failed, "never mind"});
    return used;
  };
  auto stays = execute(cold_request("one"));
  fetched();
  CHECK(engine.last_spec.network == "a");
  created();
  CHECK(network_of("two") == "b");
  CHECK(network_of("three") == "b"); // the one before is gone again
}

TEST_CASE_METHOD(host_fixture, "an executor on a host makes the networks and joins none", "[networks]") {
  auto got = want_networks();
  CHECK(engine.calls == texts{"network a", "network b"});
  REQUIRE(got->has_value());
  CHECK(got->value());
}

TEST_CASE_METHOD(container_fixture, "an executor in a container joins every network", "[networks]") {
  auto got = want_networks();
  CHECK(engine.calls == texts{"network a", "join a self", "network b", "join b self"});
  REQUIRE(got->has_value());
  CHECK(got->value());
}

TEST_CASE_METHOD(container_fixture, "an executor that can't join a network uses it all the same",
                 "[networks]") {
  engine.unjoinable =
      GENERATE(failure{ec::container_not_found, "No such container: self"},
               failure{ec::engine_failed, "container sharing network namespace with the host"});
  auto got = want_networks();
  REQUIRE(got->has_value());
  CHECK(got->value());
}

TEST_CASE_METHOD(host_fixture, "a network that somebody has removed is made again, and the start goes on",
                 "[networks]") {
  auto got = execute(cold_request("one"));
  fetched();
  SECTION("noticed by the create") {
    answer<std::string>(engine.creating, {ec::network_not_found, "network a not found"});
    CHECK(engine.calls == texts{"create exec-one", "network a", "network b", "create exec-one"});
    created();
    started();
  }
  SECTION("noticed by the start") {
    created();
    answer<done>(engine.starting, {ec::network_not_found, "network a not found"});
    CHECK(engine.calls == texts{"create exec-one", "start c1", "network a", "network b", "start c1"});
    started();
  }
  CHECK(count("inspect") == 1);
  CHECK_FALSE(got->has_value());
}

TEST_CASE_METHOD(host_fixture, "a network that is missing again right after it was made fails the start",
                 "[networks]") {
  auto got = execute(cold_request("one"));
  fetched();
  answer<std::string>(engine.creating, {ec::network_not_found, "network a not found"});
  answer<std::string>(engine.creating, {ec::network_not_found, "network a not found"});
  CHECK(count("create") == 2);
  REQUIRE(got->has_value());
  CHECK((*got)->error().code == ec::network_not_found);
}
