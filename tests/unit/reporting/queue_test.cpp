#include "reporting/queue.hpp"

#include <catch2/catch.hpp>

using namespace opr;
using namespace opr::reporting;

namespace {

fault fault_of(const std::string& message) {
  return {"general_unknown", message, 500, "GET", "/", {{"a", "b"}}};
}

const wall_clock::time_point now{};

} // namespace

TEST_CASE("equal faults wait as one, with their number", "[reporting]") {
  queue waiting;
  for (int i = 0; i < 3; ++i)
    CHECK(waiting.add(fault_of("one"), now));
  waiting.add(fault_of("other"), now);
  auto first = waiting.take();
  REQUIRE(first);
  CHECK(first->what.message == "one");
  CHECK(first->times == 3);
  CHECK(waiting.take()->times == 1);
  CHECK_FALSE(waiting.take());
}

TEST_CASE("faults that differ in a tag are not the same", "[reporting]") {
  queue waiting;
  auto tagged = fault_of("one");
  waiting.add(tagged, now);
  tagged.tags[0].second = "c";
  waiting.add(tagged, now);
  CHECK(waiting.take()->times == 1);
  CHECK(waiting.take()->times == 1);
}

TEST_CASE("what is more than the queue holds is dropped, but one that waits is still counted",
          "[reporting]") {
  queue waiting;
  for (std::size_t i = 0; i < queue::most; ++i)
    CHECK(waiting.add(fault_of(std::to_string(i)), now));
  CHECK_FALSE(waiting.add(fault_of("more"), now));
  CHECK(waiting.add(fault_of("0"), now));
  CHECK(waiting.take()->times == 2);
  CHECK(waiting.add(fault_of("more"), now));
}

TEST_CASE("what is put back is the next again", "[reporting]") {
  queue waiting;
  waiting.add(fault_of("one"), now);
  waiting.add(fault_of("two"), now);
  waiting.put_back(std::move(*waiting.take()));
  CHECK(waiting.take()->what.message == "one");
  CHECK(waiting.take()->what.message == "two");
  CHECK(waiting.empty());
}
