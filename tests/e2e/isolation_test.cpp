#include "executor_under_test.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <string>
#include <sys/resource.h>

using namespace opr;
using namespace opr::test;

namespace {

/// What a shell command in the runtime prints, or the error's message.
std::string output(const executor_under_test& executor, const std::string& command) {
  auto answer = executor.call("POST", "/v1/runtimes/one/commands", object{}.with("command", command).text());
  return answer.status == 200 ? answer.string("output") : answer.string("message");
}

std::string status_line(const executor_under_test& executor, const std::string& name) {
  return output(executor, "grep ^" + name + " /proc/self/status | tr -d '\\n'");
}

} // namespace

TEST_CASE("a runtime has no privileges but those that builds need, and gains none") {
  executor_under_test executor;
  REQUIRE(executor.execute("one", executor.cold("hello")).status == 200);
  // Bits 0 CHOWN, 1 DAC_OVERRIDE, 3 FOWNER, 4 FSETID, 5 KILL, 6 SETGID, 7 SETUID, 10 NET_BIND_SERVICE.
  CHECK(status_line(executor, "CapEff") == "CapEff:\t00000000000004fb");
  CHECK(status_line(executor, "CapBnd") == "CapBnd:\t00000000000004fb");
  CHECK(status_line(executor, "NoNewPrivs") == "NoNewPrivs:\t1");
  rlimit own{};
  REQUIRE(getrlimit(RLIMIT_NOFILE, &own) == 0);
  CHECK(output(executor, "ulimit -n") == std::to_string(std::min<rlim_t>(own.rlim_max, 65536)) + "\n");
}

TEST_CASE("a runtime that forks without end harms nobody but itself") {
  executor_under_test executor("pids_limit: 40\n");
  REQUIRE(executor.execute("one", executor.cold("hello")).status == 200);
  auto told = output(executor, "for i in $(seq 100); do sleep 5 & done; wait");
  CHECK_THAT(told, Catch::Matchers::Contains("Resource temporarily unavailable"));
}

TEST_CASE("a runtime writes only where its operator allows it") {
  executor_under_test executor("read_only_root: enabled\nwritable_folders: [/run]\n");
  auto created = executor.create(object{}.with("runtimeId", "one").with("image", "opr-demo/node:v5-18.0"));
  REQUIRE(created.status == 201);
  CHECK(output(executor, "touch /run/a /tmp/a /mnt/code/a && echo yes") == "yes\n");
  CHECK_THAT(output(executor, "touch /usr/a 2>&1; true"), Catch::Matchers::Contains("Read-only file system"));
}

TEST_CASE("runtimes can't reach each other where their operator wants them apart") {
  executor_under_test executor("network_isolation: enabled\n");
  REQUIRE(executor.execute("other", executor.cold("hello")).status == 200);
  REQUIRE(executor.execute("one", executor.cold("hello")).status == 200);
  auto address =
      output_of("docker inspect --format '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}' " +
                executor.name() + "-other");
  address.erase(address.find_last_not_of('\n') + 1);
  CHECK(output(executor, "timeout 1 bash -c 'exec 3<>/dev/tcp/" + address +
                             "/3000' && echo reached || echo apart") == "apart\n");
}

TEST_CASE("what runtimes may use is the operator's to say") {
  executor_under_test executor("container_user: 65534\ncapabilities: []\nextra_hosts: [db.test:192.0.2.7]\n"
                               "dns: [192.0.2.1]\n");
  auto created = executor.create(object{}.with("runtimeId", "one").with("image", "opr-demo/node:v5-18.0"));
  REQUIRE(created.status == 201);
  CHECK(output(executor, "id -u") == "65534\n");
  CHECK(status_line(executor, "CapBnd") == "CapBnd:\t0000000000000000");
  CHECK_THAT(output(executor, "cat /etc/hosts"), Catch::Matchers::Contains("192.0.2.7\tdb.test"));
}
