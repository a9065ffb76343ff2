#include "executor_under_test.hpp"

#include <catch2/catch.hpp>

#include <csignal>
#include <filesystem>
#include <future>

using namespace opr;
using namespace opr::test;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

TEST_CASE("a function is built, started cold, executed warm, and removed when idle") {
  executor_under_test executor{"inactive_threshold: 2\n"};
  auto built = executor.create(object{}
                                   .with("runtimeId", "build-1")
                                   .with("image", node_v5)
                                   .with("entrypoint", "index.js")
                                   .with("source", executor.archive("hello"))
                                   .with("destination", executor.storage() + "/builds")
                                   .with("remove", true));
  INFO(built.text);
  REQUIRE(built.status == 201);
  auto path = built.string("path");
  CHECK(fs::file_size(path) == static_cast<uint64_t>(built.number("size")));
  CHECK(built.number("duration") > 0);
  CHECK(executor.nothing_left());

  auto parameters = object{}.with("image", node_v5).with("source", path).with("entrypoint", "index.js");
  auto cold = executor.execute("hello", parameters.with("path", "/?name=you"));
  INFO(cold.text);
  REQUIRE(cold.status == 200);
  CHECK(cold.string("body").find("Hello, you!") != std::string::npos);
  CHECK(cold.number("statusCode") == 200);
  CHECK(cold.string("logs").find("Greeting you.") != std::string::npos);
  auto container = executor.containers();

  auto warm = executor.execute("hello");
  CHECK(warm.status == 200);
  CHECK(executor.containers() == container);

  CHECK(executor_under_test::soon([&] { return executor.nothing_left(); }));
  CHECK(executor.execute("hello").string("type") == "runtime_not_found");
}

TEST_CASE("20 callers of one cold runtime start one container") {
  executor_under_test executor;
  auto parameters = executor.cold("hello");
  std::vector<std::future<api_answer>> callers;
  for (int i = 0; i < 20; ++i)
    callers.push_back(std::async(std::launch::async, [&] { return executor.execute("one", parameters); }));
  for (auto& caller : callers) {
    auto answer = caller.get();
    INFO(answer.text);
    CHECK(answer.status == 200);
  }
  CHECK(executor.containers().size() == 1);
}

TEST_CASE("distinct runtimes start in parallel") {
  executor_under_test executor;
  auto parameters = executor.cold("hello");
  std::vector<std::future<api_answer>> callers;
  for (int i = 0; i < 5; ++i)
    callers.push_back(std::async(std::launch::async, [&, i] {
      return executor.execute("r" + std::to_string(i),
                              object{parameters}.with("path", "/?name=" + std::to_string(i)));
    }));
  for (int i = 0; i < 5; ++i)
    CHECK(callers[static_cast<std::size_t>(i)].get().string("body").find("Hello, " + std::to_string(i)) !=
          std::string::npos);
  CHECK(executor.containers().size() == 5);
  CHECK(executor.call("GET", "/v1/runtimes").json.Size() == 5);
}

TEST_CASE("a runtime that is created serves, is listed, and is gone after its deletion") {
  executor_under_test executor;
  auto created =
      executor.create(executor.cold("hello")
                          .with("runtimeId", "one")
                          .with("runtimeEntrypoint", "cp /tmp/code.tar.gz /mnt/code/code.tar.gz && nohup "
                                                     "helpers/start.sh \"bash helpers/server.sh\""));
  INFO(created.text);
  REQUIRE(created.status == 201);
  auto listed = executor.call("GET", "/v1/runtimes/one");
  CHECK(listed.string("name") == executor.name() + "-one");
  CHECK(listed.string("status").find("Up ") == 0);
  CHECK(listed.string("key").empty());
  CHECK(listed.number("initialised") == 1);
  CHECK(executor.execute("one").status == 200);
  CHECK(executor.call("GET", "/v1/runtimes/one").number("listening") == 1);
  CHECK(executor.create(executor.cold("hello").with("runtimeId", "one")).string("type") ==
        "runtime_conflict");

  auto removed = executor.remove("one");
  CHECK(removed.status == 200);
  CHECK(removed.text.empty());
  CHECK(executor.nothing_left());
  CHECK(executor.remove("one").status == 404);
  CHECK(executor.call("GET", "/v1/runtimes/one").string("type") == "runtime_not_found");
}

TEST_CASE("a runtime can be deleted while it's being made") {
  executor_under_test executor;
  auto creating = std::async(std::launch::async, [&] {
    return executor.create(executor.cold("hello").with("runtimeId", "one").with("command", "sleep 60"));
  });
  REQUIRE(executor_under_test::soon([&] { return executor.call("GET", "/v1/runtimes/one").status == 200; }));
  CHECK(executor.remove("one").status == 200);
  CHECK(executor.nothing_left());
  auto answer = creating.get();
  CHECK(answer.status == 400);
  CHECK(answer.string("type") == "runtime_failed");
}

TEST_CASE("a container that is killed in the middle of an execution is named, and the next execution starts "
          "afresh") {
  executor_under_test executor;
  auto parameters = executor.cold("slow");
  REQUIRE(executor.execute("one", object{parameters}.with("path", "/?ms=1")).status == 200);
  auto running = std::async(std::launch::async, [&] {
    return executor.execute("one", object{}.with("path", "/?ms=20000").with("timeout", 30.0));
  });
  REQUIRE(executor_under_test::soon(
      [&] { return executor.call("GET", "/v1/runtimes/one").number("inFlight") == 1; }));
  output_of("docker kill " + executor.containers().front());
  auto cut = running.get();
  CHECK(cut.status == 400);
  CHECK(cut.string("type") == "runtime_failed");
  CHECK(cut.string("message").find("137") != std::string::npos);
  CHECK(executor.execute("one", object{parameters}.with("path", "/?ms=1")).status == 200);
}

TEST_CASE("a function that ends its process or takes all memory is named so") {
  executor_under_test executor;
  auto crashed = executor.execute("crash", executor.cold("crash"));
  CHECK(crashed.string("type") == "runtime_failed");
  CHECK(crashed.string("message").find("134") != std::string::npos);
  auto killed = executor.execute("oom", executor.cold("oom").with("memory", 96.0).with("timeout", 30.0));
  CHECK(killed.string("type") == "runtime_failed");
  INFO(killed.text);
  CHECK(killed.string("message").find("out of memory, its limit is 96 MB") != std::string::npos);
  CHECK(executor_under_test::soon([&] { return executor.nothing_left(); }));
}

TEST_CASE("a port that never listens is a time-out, and the runtime is given up") {
  executor_under_test executor{"inactive_threshold: 1\n"};
  auto answer = executor.execute(
      "one", executor.cold("hello").with("runtimeEntrypoint", "tail -f /dev/null").with("timeout", 1.0));
  CHECK(answer.status == 400);
  CHECK(answer.string("type") == "runtime_timeout");
  CHECK(executor_under_test::soon([&] { return executor.nothing_left(); }));
}

TEST_CASE("a runtime that ends at once says its exit code and its last words") {
  executor_under_test executor;
  auto answer =
      executor.execute("one", executor.cold("hello").with("runtimeEntrypoint", "echo went wrong; exit 3"));
  CHECK(answer.string("type") == "runtime_failed");
  CHECK(answer.string("message").find("code 3") != std::string::npos);
  CHECK(answer.string("message").find("went wrong") != std::string::npos);
  CHECK(executor.nothing_left());
}

TEST_CASE("starts that can't succeed leave nothing and free the id") {
  executor_under_test executor;
  auto missing_image = executor.execute(
      "one", executor.cold("hello").with("image", "127.0.0.1:1/opr-test-no-such-image:v5-1"));
  CHECK(missing_image.status == 400);
  CHECK(missing_image.string("type") == "runtime_failed");
  CHECK(missing_image.string("message").find("opr-test-no-such-image") != std::string::npos);
  auto missing_source = executor.execute(
      "one", object{}.with("image", node_v5).with("source", executor.storage() + "/none.tar.gz"));
  CHECK(missing_source.status == 400);
  CHECK(missing_source.string("message").find("none.tar.gz") != std::string::npos);
  CHECK(executor.nothing_left());
  CHECK(executor.execute("one", executor.cold("hello")).status == 200);
}

TEST_CASE("a runtime in use is never idle") {
  executor_under_test executor{"inactive_threshold: 1\n"};
  auto answer = executor.execute("one", executor.cold("slow").with("path", "/?ms=3500"));
  INFO(answer.text);
  CHECK(answer.status == 200);
  CHECK(answer.string("body") == "slept 3500");
}

TEST_CASE("two executors on one Engine leave each other's containers alone") {
  executor_under_test first;
  REQUIRE(first.execute("one", first.cold("hello")).status == 200);
  {
    executor_under_test second{"inactive_threshold: 1\nmaintenance_interval: 1\n"};
    REQUIRE(second.execute("one", second.cold("hello")).status == 200);
    CHECK(executor_under_test::soon([&] { return second.nothing_left(); }));
    second.program().send(SIGTERM);
    CHECK(second.program().wait_for_exit(30s).code == 0);
  }
  CHECK(first.execute("one").status == 200);
}

TEST_CASE(
    "an executor that is told to end answers what is in flight, removes its containers and exits with 0") {
  auto ends = GENERATE(SIGTERM, SIGINT);
  executor_under_test executor;
  REQUIRE(executor.execute("one", executor.cold("slow").with("path", "/?ms=1")).status == 200);
  auto running = std::async(std::launch::async,
                            [&] { return executor.execute("one", object{}.with("path", "/?ms=1500")); });
  REQUIRE(executor_under_test::soon(
      [&] { return executor.call("GET", "/v1/runtimes/one").number("inFlight") == 1; }));
  executor.program().send(ends);
  CHECK(running.get().string("body") == "slept 1500");
  CHECK(executor.program().wait_for_exit(30s).code == 0);
  CHECK(executor.nothing_left());
}
