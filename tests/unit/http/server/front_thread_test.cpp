#include "http/server/connection/front_thread.hpp"

#include <catch2/catch.hpp>

using opr::http::front_thread;

namespace {

struct fixture {
  fixture() {
    thread.open([this] { ++knocks; });
  }

  int knocks = 0;
  int done = 0;
  front_thread thread;
};

} // namespace

TEST_CASE_METHOD(fixture, "a batch of work costs one knock", "[http]") {
  thread.post([this] { ++done; });
  thread.post([this] { ++done; });
  CHECK(knocks == 1);
  thread.run();
  CHECK(done == 2);
}

TEST_CASE_METHOD(fixture, "a lost knock is made up for", "[http]") {
  thread.post([this] { ++done; });
  thread.post_and_knock([this] { ++done; });
  CHECK(knocks == 2);
}

TEST_CASE_METHOD(fixture, "work posted by work is done in the same run, without a knock", "[http]") {
  thread.post([this] { thread.post([this] { ++done; }); });
  thread.run();
  CHECK(done == 1);
  CHECK(knocks == 1);
}

TEST_CASE_METHOD(fixture, "what is posted after the end is dropped", "[http]") {
  thread.post([this] { ++done; });
  thread.close();
  thread.post([this] { ++done; });
  thread.run();
  CHECK(done == 0);
  CHECK(knocks == 1);
}
