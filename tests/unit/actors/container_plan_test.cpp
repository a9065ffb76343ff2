#include "actors/executor/container_plan.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace opr;

namespace {

const container_facts facts_of_one{"exec", "0123", "s3cret", "net", 0, {"/tmp/exec-one"}};

runtime_request v5_request() {
  runtime_request request;
  request.runtime_id = "one";
  request.image = "image:v5";
  request.entrypoint = "index.js";
  request.source = "/storage/code.tar.gz";
  return request;
}

runtime_request v2_request() {
  auto request = v5_request();
  request.version = generation::v2;
  return request;
}

std::string env(const docker::container_spec& spec, const std::string& name) {
  auto found =
      std::find_if(spec.env.begin(), spec.env.end(), [&](const auto& one) { return one.first == name; });
  return found == spec.env.end() ? "(unset)" : found->second;
}

std::string mounted_at(const docker::container_spec& spec, const std::string& path) {
  for (const auto& mount : spec.mounts)
    if (mount.container_path == path)
      return mount.host_path;
  return {};
}

} // namespace

TEST_CASE("a v5 container gets its mounts and variables") {
  auto spec = plan_container(v5_request(), purpose::execute, facts_of_one);
  CHECK(spec.name == "exec-one");
  CHECK(spec.labels.at("openruntimes-executor") == "exec");
  CHECK(spec.labels.at("openruntimes-runtime-id") == "one");
  CHECK(mounted_at(spec, "/tmp") == "/tmp/exec-one/src");
  CHECK(mounted_at(spec, "/mnt/code") == "/tmp/exec-one/builds");
  CHECK(mounted_at(spec, "/mnt/logs") == "/tmp/exec-one/logs");
  CHECK(mounted_at(spec, "/tmp/logging") == "/tmp/exec-one/logging");
  CHECK(env(spec, "OPEN_RUNTIMES_SECRET") == "s3cret");
  CHECK(env(spec, "OPEN_RUNTIMES_ENTRYPOINT") == "index.js");
  CHECK(env(spec, "OPEN_RUNTIMES_HOSTNAME") == "exec");
  CHECK(env(spec, "OPEN_RUNTIMES_CODE_PATH") == "/tmp/code.tar.gz");
  CHECK(env(spec, "OPEN_RUNTIMES_CPUS") == "1");
  CHECK(env(spec, "OPEN_RUNTIMES_MEMORY") == "512");
  CHECK(env(spec, "INERNAL_EXECUTOR_HOSTNAME") == "exec");
  CHECK(env(spec, "CI") == "true");
}

TEST_CASE("a v2 container gets the first generation's names and working directory") {
  auto spec = plan_container(v2_request(), purpose::execute, facts_of_one);
  CHECK(spec.working_dir == "/usr/code");
  CHECK(mounted_at(spec, "/usr/code") == "/tmp/exec-one/builds");
  CHECK(mounted_at(spec, "/mnt/logs").empty());
  CHECK(env(spec, "INTERNAL_RUNTIME_KEY") == "s3cret");
  CHECK(env(spec, "INTERNAL_RUNTIME_ENTRYPOINT") == "index.js");
  CHECK(env(spec, "INERNAL_EXECUTOR_HOSTNAME") == "exec");
}

TEST_CASE("HOSTNAME is left to the Engine: servers that bind to it would answer nobody") {
  CHECK(env(plan_container(v5_request(), purpose::execute, facts_of_one), "HOSTNAME") == "(unset)");
}

TEST_CASE("a user's variable can't replace the runtime's secret") {
  auto request = v5_request();
  request.variables = {{"OPEN_RUNTIMES_SECRET", "mine"}, {"KEY", "value"}};
  auto spec = plan_container(request, purpose::execute, facts_of_one);
  CHECK(env(spec, "OPEN_RUNTIMES_SECRET") == "s3cret");
  CHECK(env(spec, "KEY") == "value");
}

TEST_CASE("the command that starts a container follows from the request") {
  using words = std::vector<std::string>;
  auto command = [](const runtime_request& request, purpose why) {
    return plan_container(request, why, facts_of_one).command;
  };
  const words idle{"tail", "-f", "/dev/null"};
  auto with_line = v5_request();
  with_line.runtime_entrypoint = "node server.js";
  CHECK(command(with_line, purpose::create) == words{"bash", "-c", "node server.js"});
  CHECK(command(v5_request(), purpose::create) == idle);
  CHECK(command(v5_request(), purpose::execute)[2] ==
        "cp /tmp/code.tar.gz /mnt/code/code.tar.gz && nohup helpers/start.sh \"bash helpers/server.sh\"");
  CHECK(command(v2_request(), purpose::execute).empty());
  CHECK(command(v2_request(), purpose::create).empty());
  auto v2_build = v2_request();
  v2_build.destination = "/storage/builds";
  CHECK(command(v2_build, purpose::create) == idle);
}

TEST_CASE("a destination without a command builds with the stock line") {
  auto request = v5_request();
  CHECK_FALSE(has_build(request, purpose::create));
  request.destination = "/storage/builds";
  CHECK(has_build(request, purpose::create));
  CHECK_FALSE(has_build(request, purpose::execute));
  CHECK(build_argv(request)[2].find("tar -zxf /tmp/code.tar.gz -C /mnt/code && bash helpers/build.sh \"\"") !=
        std::string::npos);
  request.command = "make";
  CHECK(build_argv(request)[2].find("--command 'make'") != std::string::npos);
}

TEST_CASE("a first-generation build runs its argv as it is, in its folder") {
  auto request = v2_request();
  request.commands = {"sh", "-c", "echo $1"};
  request.workdir = "/usr/local/src";
  CHECK(has_build(request, purpose::create));
  CHECK(build_argv(request) == request.commands);
  CHECK_FALSE(logs_to_files(request));
  CHECK(plan_container(request, purpose::create, facts_of_one).working_dir == "/usr/local/src");
}

TEST_CASE("the limits of a container are those of its request, and the executor's of its swap") {
  auto request = v5_request();
  request.cpus = 0.5;
  request.memory_mb = 128;
  auto facts = facts_of_one;
  facts.memory_swap_mb = 256;
  auto spec = plan_container(request, purpose::execute, facts);
  CHECK(spec.cpus == 0.5);
  CHECK(spec.memory_mb == 128);
  CHECK(spec.memory_swap_mb == 256);
}

TEST_CASE("a cache is mounted only for a build that names one") {
  auto request = v5_request();
  request.cache_key = "app";
  CHECK(mounted_at(plan_container(request, purpose::execute, facts_of_one), "/cache").empty());
  request.command = "make";
  CHECK(mounted_at(plan_container(request, purpose::create, facts_of_one), "/cache") ==
        "/tmp/exec-one/cache");
  request.cache_key = "";
  CHECK(mounted_at(plan_container(request, purpose::create, facts_of_one), "/cache").empty());
}

TEST_CASE("each generation gets the mounts and variables that it knows") {
  auto spec_of = [](generation version) {
    auto request = v5_request();
    request.version = version;
    return plan_container(request, purpose::execute, facts_of_one);
  };
  auto v3 = spec_of(generation::v3);
  CHECK(mounted_at(v3, "/mnt/code") == "/tmp/exec-one/builds");
  CHECK(mounted_at(v3, "/mnt/logs").empty());
  CHECK(mounted_at(v3, "/tmp/logging").empty());
  CHECK(env(v3, "OPEN_RUNTIMES_SECRET") == "s3cret");
  CHECK(env(v3, "OPEN_RUNTIMES_CPUS") == "(unset)");
  auto v4 = spec_of(generation::v4);
  CHECK(mounted_at(v4, "/mnt/logs") == "/tmp/exec-one/logs");
  CHECK(mounted_at(v4, "/tmp/logging").empty());
  CHECK(env(v4, "OPEN_RUNTIMES_MEMORY") == "512");
}

TEST_CASE("an archive in another format than the stock line's is left where it is") {
  auto request = v5_request();
  request.source = "/storage/code.sqfs";
  auto spec = plan_container(request, purpose::execute, facts_of_one);
  CHECK(env(spec, "OPEN_RUNTIMES_CODE_PATH") == "/tmp/code.sqfs");
  CHECK(spec.command.back() == "nohup helpers/start.sh \"bash helpers/server.sh\"");
}

TEST_CASE("the inner shell sees the build command exactly as it was sent") {
  auto request = v5_request();
  request.command = "echo \"$HOME\" `id` \\ 'single'";
  auto argv = build_argv(request);
  CHECK(argv[2].find("--command 'echo \"$HOME\" `id` \\ '\\''single'\\'''") != std::string::npos);
}

TEST_CASE("an archive keeps the extension that runtimes know") {
  CHECK(archive_name("/a/code.tar") == "code.tar");
  CHECK(archive_name("/a/code.sqfs") == "code.sqfs");
  CHECK(archive_name("/a/code.erofs") == "code.erofs");
  CHECK(archive_name("/a/code.tar.gz") == "code.tar.gz");
  CHECK(archive_name("/a/code.zip") == "code.tar.gz");
}
