#include "actors/proxy/warm_table.hpp"

#include <catch2/catch.hpp>

using namespace opr;
using namespace std::chrono_literals;

namespace {

const time_point start{1h};

} // namespace

TEST_CASE("a runtime that a request was sent for is there at once, and that is news once", "[warm]") {
  warm_table table;
  CHECK_FALSE(table.find("one"));
  CHECK(table.mark("one", {true, 0}, start));
  CHECK_FALSE(table.mark("one", {true, 0}, start + 1s));
  CHECK(table.find("one")->passes);
  CHECK(table.mark("one", {false, 100}, start));
  CHECK_FALSE(table.find("one")->passes);
  CHECK(table.mark("one", {true, 0}, start));
}

TEST_CASE("a health check takes the place of what was known before, an empty one too", "[warm]") {
  warm_table table;
  table.mark("old", {true, 0}, start);
  table.replace({{"new", {true, 5}}}, start + 1s);
  CHECK_FALSE(table.find("old"));
  CHECK(table.find("new")->usage == 5);
  table.replace({}, start + 2s);
  CHECK(table.all().empty());
}

TEST_CASE("a request that is sent during a health check isn't forgotten by it", "[warm]") {
  warm_table table;
  table.mark("one", {true, 0}, start + 1s);
  table.replace({}, start);
  CHECK(table.find("one"));
  table.replace({}, start + 2s);
  CHECK_FALSE(table.find("one"));
}

TEST_CASE("what other proxies tell is used where nothing better is known", "[warm]") {
  warm_table table;
  auto theirs = std::make_shared<executor_view>();
  theirs->runtimes["one"] = {true, 3};
  theirs->runtimes["two"] = {true, 4};
  table.share(theirs);
  table.mark("two", {false, 100}, start);
  CHECK(table.find("one")->usage == 3);
  CHECK_FALSE(table.find("two")->passes);
  CHECK(table.all().size() == 1);
  table.share(nullptr);
  CHECK_FALSE(table.find("one"));
}

TEST_CASE("runtimes that no health check forgets can't fill the memory", "[warm]") {
  warm_table table;
  for (int i = 0; i < 50000; ++i)
    table.mark(std::to_string(i), {true, 0}, start);
  CHECK(table.all().size() <= 10000);
  CHECK(table.find("49999"));
}
