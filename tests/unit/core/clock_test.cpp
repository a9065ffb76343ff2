#include "core/clock.hpp"
#include "tests/support/scoped_variable.hpp"

#include <catch2/catch.hpp>

#include <ctime>

using namespace opr;
using namespace std::chrono;

namespace {

wall_clock::time_point at(int64_t milliseconds_since_1970) {
  return wall_clock::time_point(milliseconds(milliseconds_since_1970));
}

} // namespace

TEST_CASE("a time stamp is UTC with milliseconds and offset", "[clock]") {
  CHECK(iso8601(at(0)) == "1970-01-01T00:00:00.000+00:00");
  CHECK(iso8601(at(1767323045678)) == "2026-01-02T03:04:05.678+00:00");
  CHECK(iso8601(at(1709208000007)) == "2024-02-29T12:00:00.007+00:00");
}

TEST_CASE("a time stamp is cut, not rounded into the next second", "[clock]") {
  CHECK(iso8601(wall_clock::time_point(microseconds(59'999'999))) == "1970-01-01T00:00:59.999+00:00");
}

TEST_CASE("a time stamp does not depend on the machine's time zone", "[clock]") {
  {
    test::scoped_variable zone("TZ", "XXX-5:30"); // Needs no zone files.
    tzset();
    CHECK(iso8601(at(1767323045678)) == "2026-01-02T03:04:05.678+00:00");
  }
  tzset();
}

TEST_CASE("unix seconds keep their fraction", "[clock]") {
  CHECK(unix_seconds(at(1767323045678)) == Approx(1767323045.678).epsilon(1e-12));
  CHECK(unix_seconds(at(0)) == 0.0);
}

TEST_CASE("a time before 1970 has its milliseconds, too", "[clock]") {
  CHECK(iso8601(at(-1)) == "1969-12-31T23:59:59.999+00:00");
}
