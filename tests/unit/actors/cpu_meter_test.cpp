#include "actors/executor/cpu_meter.hpp"

#include <catch2/catch.hpp>

using namespace opr;
using namespace std::chrono_literals;

namespace {

container_cpu used(std::chrono::nanoseconds time, std::chrono::seconds at, double cpus = 1,
                   const std::string& container = "c1") {
  return {{"one", container, 0, cpus}, time, time_point(at)};
}

using figures = std::vector<std::pair<std::string, double>>;

} // namespace

TEST_CASE("the host's figure is the share between two samples", "[usage]") {
  cpu_meter meter;
  CHECK(meter.take({host_cpu{100, 1000}, {}}).host == 0);
  CHECK(meter.take({host_cpu{150, 1200}, {}}).host == Approx(25));
  CHECK(meter.take({host_cpu{250, 1300}, {}}).host == Approx(100));
}

TEST_CASE("a host that can't be read keeps its last figure", "[usage]") {
  cpu_meter meter;
  meter.take({host_cpu{100, 1000}, {}});
  meter.take({host_cpu{150, 1200}, {}});
  CHECK(meter.take({}).host == Approx(25));
}

TEST_CASE("counters that stand or step back make no nonsense", "[usage]") {
  cpu_meter meter{2};
  meter.take({host_cpu{100, 1000}, {used(5s, 10s)}});
  auto same = meter.take({host_cpu{100, 1000}, {used(5s, 10s)}});
  CHECK(same.host == 0);
  CHECK(same.runtimes == figures{{"one", 0}});
  auto back = meter.take({host_cpu{90, 1100}, {used(3s, 15s)}});
  CHECK(back.host == 0);
  CHECK(back.runtimes == figures{{"one", 0}});
}

TEST_CASE("a container's figure is in percent of its own limit, never above 100", "[usage]") {
  auto [cpus, time, percent] = GENERATE(table<double, std::chrono::nanoseconds, double>({
      {1, 2500ms, 50},
      {0.5, 2500ms, 100},
      {4, 2500ms, 12.5},
      {0, 5s, 25}, // without a limit it may use all four processors
      {1, 6s, 100},
  }));
  cpu_meter meter{4};
  CHECK(meter.take({{}, {used(1s, 10s, cpus)}}).runtimes.empty());
  auto now = meter.take({{}, {used(1s + time, 15s, cpus)}});
  REQUIRE(now.runtimes.size() == 1);
  CHECK(now.runtimes.front().first == "one");
  CHECK(now.runtimes.front().second == Approx(percent));
}

TEST_CASE("a new container under an old id is measured from its own beginning", "[usage]") {
  cpu_meter meter;
  meter.take({{}, {used(9s, 10s)}});
  CHECK(meter.take({{}, {used(10s, 15s, 1, "c2")}}).runtimes.empty());
  CHECK(meter.take({{}, {used(11s, 20s, 1, "c2")}}).runtimes.front().second == Approx(20));
}
