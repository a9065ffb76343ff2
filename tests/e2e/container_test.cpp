#include "executor_under_test.hpp"

#include <catch2/catch.hpp>

using namespace opr::test;

namespace {

/// What the Engine says of the executor's only container.
std::string inspected(const executor_under_test& executor, const std::string& format) {
  auto ids = executor.containers();
  REQUIRE(ids.size() == 1);
  return output_of("docker inspect --format '" + format + "' " + ids.front() + " | sort | grep .");
}

} // namespace

TEST_CASE("the Engine knows a container by the name, host name and labels that the contract says") {
  executor_under_test executor;
  REQUIRE(executor
              .create(object{}
                          .with("runtimeId", "one")
                          .with("image", node_v5)
                          .with("restartPolicy", "on-failure")
                          .with("memory", 128.0)
                          .with("cpus", 0.5))
              .status == 201);
  auto host = executor.call("GET", "/v1/runtimes/one").string("hostname");
  CHECK(inspected(executor, "{{.Name}} {{.Config.Hostname}}") ==
        "/" + executor.name() + "-one " + host + "\n");
  CHECK(inspected(executor, "{{range $name, $value := .Config.Labels}}{{$name}}={{$value}}\n{{end}}")
            .find("openruntimes-executor=" + executor.name() + "\nopenruntimes-runtime-id=one\n") !=
        std::string::npos);
  CHECK(inspected(executor, "{{.HostConfig.RestartPolicy.Name}} {{.HostConfig.Memory}} "
                            "{{.HostConfig.NanoCpus}}") == "on-failure 134217728 500000000\n");
  // In its network and in no other.
  CHECK(inspected(executor, "{{range $name, $_ := .NetworkSettings.Networks}}{{$name}}\n{{end}}") ==
        executor.name() + "\n");
}

TEST_CASE("a container's folders are mounted where its generation looks for them") {
  auto [image, version, mounts] = GENERATE(table<std::string, std::string, std::vector<std::string>>({
      {node_v2, "v2", {"builds:/usr/code", "src:/tmp"}},
      {node_v5, "v3", {"builds:/mnt/code", "src:/tmp"}},
      {node_v5, "v4", {"builds:/mnt/code", "logs:/mnt/logs", "src:/tmp"}},
      {node_v5, "v5", {"builds:/mnt/code", "logging:/tmp/logging", "logs:/mnt/logs", "src:/tmp"}},
  }));
  executor_under_test executor;
  REQUIRE(executor
              .create(object{}
                          .with("runtimeId", "one")
                          .with("image", image)
                          .with("version", version)
                          .with("runtimeEntrypoint", "tail -f /dev/null"))
              .status == 201);
  auto root = executor.data_dir() + "/" + executor.name() + "-one/";
  std::string expected;
  for (const auto& mount : mounts)
    expected.append(root).append(mount).append("\n");
  CHECK(inspected(executor, "{{range .Mounts}}{{.Source}}:{{.Destination}}\n{{end}}") == expected);
}
