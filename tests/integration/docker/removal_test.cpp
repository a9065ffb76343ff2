#include "real_engine.hpp"

using namespace opr;
using namespace opr::docker;

TEST_CASE_METHOD(real_engine, "a running container is gone when its removal is done", "[docker]") {
  auto id = running();
  auto begun = clock::now();
  require(remove(id));
  CHECK(clock::now() - begun < 8s); // the Engine's stop would wait 10 s for this program
  CHECK(inspect(id).error().code == ec::container_not_found);
}

TEST_CASE_METHOD(real_engine, "removing a container twice is a success both times", "[docker]") {
  auto wanted = spec();
  running(wanted);
  require(remove(wanted.name));
  require(remove(wanted.name));
}

TEST_CASE_METHOD(real_engine, "a container that never was counts as removed", "[docker]") {
  require(remove("opr-test-never-was"));
}

TEST_CASE_METHOD(real_engine, "of many removals at once each ends when the container is gone", "[docker]") {
  for (int round = 0; round < 5; ++round) {
    auto wanted = spec();
    running(wanted);
    std::vector<std::future<result<done>>> removals;
    for (int i = 0; i < 6; ++i)
      removals.push_back(begin<done>([&](then<done> told) {
        docker->remove_container(wanted.name, soon(), [this, told, name = wanted.name](result<done> outcome) {
          if (!outcome)
            return told(std::move(outcome));
          // Asked on the spot: nobody is told "removed" before it is true.
          docker->inspect_container(name, soon(), [told](result<container_state> state) {
            bool gone = !state && state.error().code == ec::container_not_found;
            told(gone ? result<done>(done{}) : result<done>(ec::general_unknown, "it is still there"));
          });
        });
      }));
    for (auto& removal : removals)
      require(removal.get());
    require(create(wanted)); // the name is free again
    require(remove(wanted.name));
  }
}
