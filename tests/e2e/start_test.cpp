#include "executor_under_test.hpp"

#include <catch2/catch.hpp>

using namespace opr;
using namespace opr::test;
using namespace std::chrono_literals;

namespace {

/// What `executor --health` prints of an executor.
std::string health_of(const executor_under_test& executor) {
  return output_of("OPR_EXECUTOR_ADDRESS=127.0.0.1 OPR_EXECUTOR_PORT=" + std::to_string(executor.port()) +
                   " " + OPR_EXECUTOR_PROGRAM + " --health 2>&1");
}

} // namespace

TEST_CASE("an executor without an Engine serves, and says what it lacks") {
  executor_under_test executor{"docker_host: unix:///nonexistent/docker.sock\n"};
  auto health = executor.call("GET", "/v1/health");
  CHECK(health.status == 503);
  CHECK(health.string("status") == "fail");
  auto answer = executor.execute("one", executor.cold("hello"));
  CHECK(answer.status == 503);
  CHECK(answer.string("message").find("/nonexistent/docker.sock") != std::string::npos);
  // Its folders go after the answer, for without the Engine the removal of a container fails first.
  CHECK(executor_under_test::soon([&] { return executor.nothing_left(); }));
  CHECK(health_of(executor).find("executor: the executor answers 503: ") == 0);
  executor.program().send();
  CHECK(executor.program().wait_for_exit(30s).code == 0);
}

TEST_CASE("an executor that serves is healthy") {
  executor_under_test executor;
  CHECK(health_of(executor) == "the executor is healthy\n");
}

TEST_CASE("what an operator sets holds for requests that don't say") {
  executor_under_test executor{"memory: 100\ncpus: 0.5\nmax_timeout: 20\nbuild_timeout: 1\nversion: 9.8.7\n"};
  auto env = executor.execute("one", executor.cold("env"));
  INFO(env.text);
  CHECK(env.string("body").find(R"("OPEN_RUNTIMES_MEMORY":"100")") != std::string::npos);
  CHECK(env.string("body").find(R"("OPEN_RUNTIMES_CPUS":"0.5")") != std::string::npos);
  auto late = executor.create(executor.cold("hello").with("runtimeId", "two").with("command", "sleep 30"));
  CHECK(late.string("type") == "build_failed");
  auto too_long = executor.execute("one", object{}.with("timeout", 21.0));
  CHECK(too_long.string("type") == "general_argument_invalid");
  CHECK(too_long.string("version") == "9.8.7");
}

TEST_CASE("an executor whose port is taken says so and exits with 1") {
  executor_under_test first;
  temp_dir dir;
  auto file = dir.write("executor.yaml", "address: 127.0.0.1\nport: " + std::to_string(first.port()) +
                                             "\nsecret: s\nhostname: " + first.name() + "-2\nnetwork: [" +
                                             first.name() + "]\ndata_dir: " + dir.path().string() + "\n");
  process second{program{OPR_EXECUTOR_PROGRAM, {"--config", file}}, dir.path() / "log"};
  second.wait_for_line(std::to_string(first.port()), 30s);
  CHECK(second.wait_for_exit(30s).code == 1);
}

TEST_CASE("an executor that is started twice doesn't harm the one that runs") {
  executor_under_test executor;
  REQUIRE(executor.execute("one", executor.cold("hello")).status == 200);
  temp_dir dir;
  auto file = dir.write("executor.yaml", "port: 0\nhostname: " + executor.name() + "\nnetwork: [" +
                                             executor.name() + "]\ndata_dir: " + executor.data_dir() + "\n");
  process second{program{OPR_EXECUTOR_PROGRAM, {"--config", file}}, dir.path() / "log"};
  second.wait_for_line("runs already", 30s);
  CHECK(second.wait_for_exit(30s).code == 1);
  CHECK(executor.execute("one").status == 200);
}
