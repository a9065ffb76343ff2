#include "actors/proxy/dispatch.hpp"
#include "fixture.hpp"

#include <catch2/catch.hpp>

using namespace opr;
using namespace opr::test;

namespace {

using texts = std::vector<std::string>;

struct dispatch_fixture : proxy_fixture {
  dispatch_fixture() {
    policy.healthcheck = false;
    start({"10.0.0.1", "10.0.0.2"});
  }
  node_link& one() const { return *member("10.0.0.1").link; }
  std::vector<standing> seen(const std::string& runtime_id) const {
    std::vector<standing> all;
    look(*services()->executors.read(), runtime_id, all);
    return all;
  }
};

} // namespace

TEST_CASE_METHOD(dispatch_fixture, "a request sees its executors as they are now", "[dispatch]") {
  one().usage = 12;
  in_flight_claim claim{member("10.0.0.1").link};
  auto all = seen("r");
  REQUIRE(all.size() == 2);
  CHECK(all[0].name == "10.0.0.1");
  CHECK(all[0].usage == 12);
  CHECK(all[0].in_flight == 1);
  CHECK(all[1].in_flight == 0);
  CHECK_FALSE(all[0].runtime);
  claim.release();
  CHECK(seen("r")[0].in_flight == 0);
}

TEST_CASE_METHOD(dispatch_fixture, "where a request was sent its runtime counts as up, for other proxies too",
                 "[dispatch]") {
  note_sent(*services(), one(), "r");
  note_sent(*services(), one(), "r");
  CHECK(seen("r")[0].runtime->passes);
  CHECK_FALSE(seen("r")[1].runtime);
  CHECK(store.told == texts{"mark 10.0.0.1 r pass"});
}

TEST_CASE_METHOD(dispatch_fixture,
                 "where a request broke its runtime is offline until one is sent there again", "[dispatch]") {
  note_sent(*services(), one(), "r");
  note_broken(*services(), one(), "r");
  CHECK_FALSE(seen("r")[0].runtime->passes);
  note_sent(*services(), one(), "r");
  CHECK(seen("r")[0].runtime->passes);
  CHECK(store.told == texts{"mark 10.0.0.1 r pass", "mark 10.0.0.1 r offline", "mark 10.0.0.1 r pass"});
}

TEST_CASE_METHOD(dispatch_fixture, "requests for no runtime leave no trace", "[dispatch]") {
  note_sent(*services(), one(), "");
  note_broken(*services(), one(), "");
  CHECK(store.told.empty());
  CHECK(one().runtimes.all().empty());
}

TEST_CASE_METHOD(dispatch_fixture, "of many requests that can't connect at once, one is heard",
                 "[dispatch]") {
  for (int i = 0; i < 5; ++i)
    note_unreachable(member("10.0.0.1"), {ec::connect_failed, "refused"});
  CHECK_FALSE(seen("")[0].reachable);
  run();
  CHECK(faults.size() == 1);
}

TEST_CASE_METHOD(dispatch_fixture,
                 "an executor that is suspect goes behind the others, and is still there for want of them",
                 "[dispatch]") {
  note_suspect(member("10.0.0.1"));
  CHECK_FALSE(seen("")[0].online);
  CHECK(seen("")[0].reachable);
}
