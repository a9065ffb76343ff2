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
    return begin<done>([&](then<done> told) { docker->ensure_network(network, soon(), std::move(told)); });
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

TEST_CASE_METHOD(network_fixture, "the networks that the Engine brings along are there", "[docker]") {
  network = "none";
  require(begin_ensure().get());
  network = "opr-test-not-made";
}
