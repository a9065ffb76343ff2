#include "executor_under_test.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <future>

using namespace opr;
using namespace opr::test;
using namespace std::chrono_literals;

namespace {

object build_of(const executor_under_test& executor, const std::string& command) {
  return executor.cold("hello")
      .with("runtimeId", "build")
      .with("destination", executor.storage() + "/builds")
      .with("command", command);
}

std::string all_output(const api_answer& answer) {
  std::string text;
  for (const auto& entry : answer.json["output"].GetArray())
    text += entry["content"].GetString();
  return text;
}

} // namespace

TEST_CASE("a build's output comes in pieces, each with its time") {
  executor_under_test executor;
  auto built = executor.create(build_of(
      executor, "echo first; sleep 0.5; echo second >&2; cp /tmp/code.tar.gz /mnt/code/code.tar.gz"));
  INFO(built.text);
  REQUIRE(built.status == 201);
  const auto& output = built.json["output"];
  REQUIRE(output.Size() == 2);
  CHECK(std::string(output[0]["content"].GetString()).find("first") == 0);
  CHECK(std::string(output[1]["content"].GetString()).find("second") == 0);
  CHECK(std::string(output[0]["timestamp"].GetString()) < output[1]["timestamp"].GetString());
  CHECK(std::filesystem::path(built.string("path")).extension() == ".gz");
}

TEST_CASE("a command reaches the inner shell exactly as it was sent") {
  executor_under_test executor;
  auto built = executor.create(
      build_of(executor, "V=x; echo \"$V\" `echo y` 'a\"b' \\$; cp /tmp/code.tar.gz /mnt/code/code.tar.gz"));
  REQUIRE(built.status == 201);
  CHECK(all_output(built).find("x y a\"b $") == 0);
}

TEST_CASE("a silent build is no failed build") {
  executor_under_test executor;
  auto built = executor.create(build_of(executor, "cp /tmp/code.tar.gz /mnt/code/code.tar.gz"));
  REQUIRE(built.status == 201);
  CHECK(built.json["output"].Empty());
}

TEST_CASE("a build that fails says its output and exit code, and leaves nothing") {
  executor_under_test executor;
  auto failed = executor.create(build_of(executor, "echo broken; exit 7"));
  CHECK(failed.status == 400);
  CHECK(failed.string("type") == "build_failed");
  CHECK(failed.string("message").find("broken") == 0);
  CHECK(failed.string("message").find("Build command exited with code 7.") != std::string::npos);
  CHECK(executor.nothing_left());
  auto silent = executor.create(build_of(executor, "exit 7"));
  CHECK(silent.string("message") == "Build command failed.");
  auto empty = executor.create(build_of(executor, "true"));
  CHECK(empty.string("type") == "build_failed");
  CHECK(empty.string("message").find("no archive") != std::string::npos);
  CHECK(executor.nothing_left());
}

TEST_CASE("a build that takes too long is ended") {
  executor_under_test executor;
  auto late = executor.create(build_of(executor, "echo begun; sleep 60").with("timeout", 1.0));
  CHECK(late.status == 400);
  CHECK(late.string("type") == "build_failed");
  CHECK(late.string("message").find("begun") == 0);
  CHECK(late.string("message").find("timed out") != std::string::npos);
  CHECK(executor.nothing_left());
}

TEST_CASE("a build whose container is killed ends at once and says so") {
  executor_under_test executor;
  auto building = std::async(std::launch::async,
                             [&] { return executor.create(build_of(executor, "echo begun; sleep 60")); });
  REQUIRE(executor_under_test::soon([&] {
    auto log = output_of("cat " + executor.data_dir() + "/*/logging/logs.txt 2>&1");
    return log.find("begun\r") != std::string::npos;
  }));
  output_of("docker kill " + executor.containers().front());
  auto answer = building.get();
  INFO(answer.text);
  CHECK(answer.string("type") == "build_failed");
  CHECK(answer.string("message").find("137") != std::string::npos);
  CHECK(executor.nothing_left());
}

TEST_CASE("a build that writes more than a megabyte is cut, not failed") {
  executor_under_test executor;
  auto built = executor.create(build_of(
      executor, "yes 'a line of output' | head -c 3000000; cp /tmp/code.tar.gz /mnt/code/code.tar.gz"));
  REQUIRE(built.status == 201);
  auto output = all_output(built);
  CHECK(output.size() < 1'001'000);
  CHECK(output.find("truncated") != std::string::npos);
}

TEST_CASE("a v2 function is built with its stock line and answers by both routes") {
  executor_under_test executor;
  auto built = executor.create(object{}
                                   .with("runtimeId", "build")
                                   .with("image", node_v2)
                                   .with("entrypoint", "index.js")
                                   .with("source", executor.archive("v2-hello"))
                                   .with("destination", executor.storage() + "/builds")
                                   .with("remove", true));
  INFO(built.text);
  REQUIRE(built.status == 201);
  CHECK(built.string("status") == "ready");
  CHECK(built.string("outputPath") == built.string("path"));
  auto parameters =
      object{}.with("image", node_v2).with("source", built.string("path")).with("entrypoint", "index.js");
  auto answer = executor.execute("v2", object{parameters}.with("body", "you"));
  INFO(answer.text);
  REQUIRE(answer.status == 200);
  CHECK(answer.string("body").find("Hello, you!") != std::string::npos);
  auto first = executor.call("POST", "/v1/execution",
                             object{parameters}
                                 .with("runtimeId", "v2")
                                 .with("payload", "us")
                                 .with_json("variables", "{\"KEY\":\"value\"}")
                                 .text());
  REQUIRE(first.status == 200);
  CHECK(first.string("status") == "completed");
  CHECK(first.string("response").find("Hello, us!") != std::string::npos);
  CHECK(first.string("response").find("value") != std::string::npos);
}
