#include "fixture.hpp"
#include "tests/support/temp_dir.hpp"

#include <catch2/catch.hpp>

#include <filesystem>

using namespace opr;
using namespace opr::test;
using namespace std::chrono_literals;

namespace {

struct usage_fixture : executor_fixture {
  temp_dir kernel;

  void write(const std::string& name, const std::string& text) const {
    std::filesystem::create_directories((kernel.path() / name).parent_path());
    kernel.write(name, text);
  }
  void start_measuring() {
    write("proc/stat", "cpu 100 0 0 900\n");
    measure(kernel.path());
  }
  void start_runtime(const std::string& id) {
    auto got = execute(cold_request(id));
    launch();
  }
  /// The Engine answers its oldest question.
  void measured(std::chrono::nanoseconds used) { answer<std::chrono::nanoseconds>(engine.measuring, used); }
  void not_measured(ec why) { answer<std::chrono::nanoseconds>(engine.measuring, {why, "as scripted"}); }
  double usage_of(const std::string& id) const {
    for (const auto& [runtime, percent] : usage_now().runtimes)
      if (runtime == id)
        return percent;
    return -1;
  }
};

} // namespace

TEST_CASE_METHOD(usage_fixture, "the figures follow the machine and its runtimes", "[usage]") {
  start_runtime("one");
  write("cgroup/docker/c1/cpu.stat", "usage_usec 1000000\n");
  start_measuring();
  CHECK(usage_now().host == 0);
  CHECK(usage_of("one") == 0);

  write("proc/stat", "cpu 150 0 0 1050\n");
  write("cgroup/docker/c1/cpu.stat", "usage_usec 2000000\n");
  pass(5s);
  CHECK(usage_now().host == Approx(25));
  CHECK(usage_of("one") == Approx(20));

  write("cgroup/docker/c1/cpu.stat", "usage_usec 6500000\n");
  pass(5s);
  CHECK(usage_now().host == 0);
  CHECK(usage_of("one") == Approx(90));
  CHECK(count("cpu") == 0); // the Engine was never asked
}

TEST_CASE_METHOD(usage_fixture, "a runtime is in the figures from its first moment to its last", "[usage]") {
  start_measuring();
  CHECK(usage_of("one") == -1);
  auto got = execute(cold_request("one"));
  CHECK(usage_of("one") == 0);
  launch();
  auto removal = remove("one");
  CHECK(usage_of("one") == -1);
}

TEST_CASE_METHOD(usage_fixture, "where cgroups can't be seen the Engine is asked", "[usage]") {
  start_runtime("one");
  start_measuring();
  measured(1s);
  pass(5s);
  measured(3s);
  CHECK(usage_of("one") == Approx(40));
}

TEST_CASE_METHOD(usage_fixture,
                 "the Engine gets few questions at a time, and no new round before the end of one",
                 "[usage]") {
  for (int i = 0; i < 20; ++i)
    start_runtime("r" + std::to_string(i));
  start_measuring();
  CHECK(engine.measuring.size() == 8);
  measured(1s);
  CHECK(engine.measuring.size() == 8);
  pass(30s);
  CHECK(count("cpu") == 9);
  while (!engine.measuring.empty())
    measured(1s);
  CHECK(count("cpu") == 20);
  pass(5s);
  CHECK(count("cpu") == 28);
}

TEST_CASE_METHOD(usage_fixture, "a container that is gone doesn't keep the others from being measured",
                 "[usage]") {
  for (int i = 0; i < 9; ++i)
    start_runtime("r" + std::to_string(i));
  start_measuring();
  not_measured(ec::container_not_found);
  CHECK(count("cpu") == 9);
}

TEST_CASE_METHOD(usage_fixture, "an Engine that doesn't answer is not asked on, but again in the next round",
                 "[usage]") {
  for (int i = 0; i < 20; ++i)
    start_runtime("r" + std::to_string(i));
  start_measuring();
  while (!engine.measuring.empty())
    not_measured(ec::deadline_passed);
  CHECK(count("cpu") == 8);
  CHECK(usage_of("r0") == 0);
  pass(5s);
  CHECK(count("cpu") == 16);
}
