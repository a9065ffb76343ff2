#include "real_engine.hpp"

using namespace opr;
using namespace opr::docker;

namespace {

struct network_fixture : real_engine {
  std::string network = "opr-test-" + random_hex(8);

  ~network_fixture() {
    if (auto left = list())
      for (const auto& container : *left)
        (void)remove(container.id);
    std::system(("for id in $(docker network ls --quiet --filter name=" + network +
                 "); do docker network rm $id >/dev/null; done")
                    .c_str());
  }

  std::future<result<done>> begin_ensure() {
    return begin<done>(
        [&](then<done> told) { docker->ensure_network(network, false, soon(), std::move(told)); });
  }

  result<done> join(const std::string& container) {
    return await<done>(
        [&](then<done> told) { docker->connect_network(network, container, soon(), std::move(told)); });
  }

  void check_only_one() {
    test::run_shell("test $(docker network ls --quiet --filter name=^" + network + "$ | wc -l) = 1");
  }
};

} // namespace

TEST_CASE_METHOD(network_fixture, "a network is made once and then left alone", "[docker]") {
  require(begin_ensure().get());
  require(begin_ensure().get());
  check_only_one();
}

TEST_CASE_METHOD(network_fixture, "several that make the same network at once end with one", "[docker]") {
  std::vector<std::future<result<done>>> outcomes;
  for (int i = 0; i < 4; ++i)
    outcomes.push_back(begin_ensure());
  for (auto& outcome : outcomes)
    require(outcome.get());
  check_only_one();
}

TEST_CASE_METHOD(network_fixture, "a container joins its network and not the default bridge", "[docker]") {
  require(begin_ensure().get());
  auto wanted = spec();
  wanted.network = network;
  auto state = require(inspect(running(wanted)));
  REQUIRE(state.ip_addresses.size() == 1);
  CHECK_FALSE(state.ip_addresses.at(network).empty());
}

TEST_CASE_METHOD(network_fixture, "a container joins one more network, and stays in it", "[docker]") {
  require(begin_ensure().get());
  auto wanted = spec();
  wanted.network = "bridge";
  auto id = running(wanted);
  require(join(id));
  require(join(id));
  require(join(wanted.name)); // by its name as well
  auto state = require(inspect(id));
  CHECK(state.ip_addresses.size() == 2);
  CHECK_FALSE(state.ip_addresses.at(network).empty());
}

TEST_CASE_METHOD(network_fixture, "a container of the host's network can't join another, and hears why",
                 "[docker]") {
  require(begin_ensure().get());
  auto wanted = spec();
  wanted.network = "host";
  auto joined = join(running(wanted));
  REQUIRE_FALSE(joined);
  CHECK(joined.error().code == ec::engine_failed);
  CHECK_THAT(joined.error().detail, Catch::Contains("host"));
}

TEST_CASE_METHOD(network_fixture, "joining says what is missing", "[docker]") {
  CHECK(join(running()).error().code == ec::network_not_found);
  require(begin_ensure().get());
  CHECK(join("opr-test-nobody").error().code == ec::container_not_found);
}

TEST_CASE_METHOD(network_fixture, "a container whose network was missing starts once it is there",
                 "[docker]") {
  auto wanted = spec();
  wanted.network = network;
  auto id = create(wanted); // newer Engines look already now
  if (id)
    CHECK(start(*id).error().code == ec::network_not_found);
  else
    CHECK(id.error().code == ec::network_not_found);
  require(begin_ensure().get());
  auto made = id ? *id : require(create(wanted));
  require(start(made));
  CHECK_FALSE(require(inspect(made)).ip_addresses.at(network).empty());
}

TEST_CASE_METHOD(network_fixture, "the networks that the Engine brings along are there", "[docker]") {
  network = "none";
  require(begin_ensure().get());
  network = "opr-test-not-made";
}
