#include "real_engine.hpp"
#include "tests/support/temp_dir.hpp"

using namespace opr;
using namespace opr::docker;

namespace {

/// What a container wrote until it ended.
std::string output_of(real_engine& engine, const std::string& id) {
  test::run_shell("docker wait " + id + " >/dev/null");
  return real_engine::require(real_engine::await<std::string>([&](then<std::string> told) {
    engine.docker->container_logs(id, 100, real_engine::soon(), std::move(told));
  }));
}

} // namespace

TEST_CASE_METHOD(real_engine, "a created container has what its spec says", "[docker]") {
  test::temp_dir folder;
  folder.write("file", "from the host");
  auto wanted =
      spec({"sh", "-c", "cat /in/file; echo; echo \"$A\"; echo $HOSTNAME; cat /proc/self/cwd/x >&2; exit 3"});
  wanted.hostname = "0123456789abcdef0123456789abcdef";
  wanted.env = {{"A", "\"quoted\" $B \xc3\xa4"}};
  wanted.mounts = {{folder.path().string(), "/in"}};
  wanted.working_dir = "/in";
  auto id = running(wanted);
  auto text = output_of(*this, id);
  for (const auto* line : {"from the host\n", "\"quoted\" $B \xc3\xa4\n", "/proc/self/cwd/x"})
    CHECK_THAT(text, Catch::Contains(line)); // whole lines: the Engine logs the two streams in either order
  auto state = require(inspect(id));
  CHECK(state.status == "exited");
  CHECK_FALSE(state.running);
  CHECK(state.exit_code == 3);
  CHECK(state.pid == 0);
}

TEST_CASE_METHOD(real_engine, "a created container doesn't run before it is started", "[docker]") {
  auto id = require(create(spec()));
  CHECK(require(inspect(id)).status == "created");
  require(start(id));
  auto state = require(inspect(id));
  CHECK(state.status == "running");
  CHECK(state.running);
  CHECK(state.pid > 0);
  require(start(id)); // once more changes nothing
}

TEST_CASE_METHOD(real_engine, "a memory limit is one for swap as well", "[docker]") {
  auto wanted = spec();
  wanted.memory_mb = 32;
  wanted.cpus = 0.5;
  auto id = require(create(wanted));
  test::run_shell("test \"$(docker inspect --format '{{.HostConfig.Memory}} {{.HostConfig.MemorySwap}} "
                  "{{.HostConfig.NanoCpus}}' " +
                  id + ")\" = '33554432 33554432 500000000'");
}

TEST_CASE_METHOD(real_engine, "an image that doesn't exist is named", "[docker]") {
  auto wanted = spec();
  wanted.image = GENERATE("opr-test/nothing:v5-1.0", "Not An Image::");
  auto id = create(wanted);
  REQUIRE_FALSE(id);
  CHECK(id.error().code == ec::image_not_found);
  CHECK_FALSE(id.error().detail.empty());
}

TEST_CASE_METHOD(real_engine, "a name that is taken is a conflict", "[docker]") {
  auto wanted = spec();
  require(create(wanted));
  auto again = create(wanted);
  REQUIRE_FALSE(again);
  CHECK(again.error().code == ec::container_conflict);
  CHECK_THAT(again.error().detail, Catch::Contains(wanted.name));
}

TEST_CASE_METHOD(real_engine, "a network that doesn't exist is named, at the latest by the start",
                 "[docker]") {
  auto wanted = spec();
  wanted.network = "opr-test-no-such-network";
  auto id = create(wanted);
  auto why = id ? start(*id).error() : id.error();
  CHECK(why.code == ec::network_not_found);
  CHECK_THAT(why.detail, Catch::Contains("opr-test-no-such-network"));
}

TEST_CASE_METHOD(real_engine, "a program that isn't in the image fails the start with the Engine's words",
                 "[docker]") {
  auto id = require(create(spec({"/no/such/program"})));
  auto started = start(id);
  REQUIRE_FALSE(started);
  CHECK(started.error().code == ec::engine_failed);
  CHECK_THAT(started.error().detail, Catch::Contains("/no/such/program"));
}

TEST_CASE_METHOD(real_engine, "more processors than there are is the Engine's own error", "[docker]") {
  auto wanted = spec();
  wanted.cpus = 100'000;
  auto id = create(wanted);
  REQUIRE_FALSE(id);
  CHECK(id.error().code == ec::engine_failed);
  CHECK_THAT(id.error().detail, Catch::Contains("CPUs"));
}

TEST_CASE_METHOD(real_engine, "a container that isn't there is not found by any call", "[docker]") {
  const std::string nobody = "opr-test-nobody";
  CHECK(start(nobody).error().code == ec::container_not_found);
  CHECK(inspect(nobody).error().code == ec::container_not_found);
  auto logged = await<std::string>(
      [&](then<std::string> told) { docker->container_logs(nobody, 1, soon(), std::move(told)); });
  CHECK(logged.error().code == ec::container_not_found);
}

TEST_CASE_METHOD(real_engine, "the list holds containers in any state, and nobody else's", "[docker]") {
  auto made = spec();
  auto created = require(create(made));
  auto up = running();
  real_engine somebody_else;
  somebody_else.running();
  auto listed = require(list());
  REQUIRE(listed.size() == 2);
  auto first = listed[0].id == created ? listed[0] : listed[1];
  CHECK(first.name == made.name);
  CHECK(first.state == "created");
  CHECK(first.labels.at("opr-test") == mark);
}

TEST_CASE_METHOD(real_engine, "only the last lines of a log are fetched", "[docker]") {
  auto id = running(spec({"sh", "-c", "for n in 1 2 3 4 5; do echo line $n; done"}));
  test::run_shell("docker wait " + id + " >/dev/null");
  auto text = require(await<std::string>(
      [&](then<std::string> told) { docker->container_logs(id, 2, soon(), std::move(told)); }));
  CHECK(text == "line 4\nline 5\n");
}

TEST_CASE_METHOD(real_engine, "a container's processor time grows while it works", "[docker]") {
  auto used = [this](const std::string& id) {
    return await<std::chrono::nanoseconds>(
        [&](then<std::chrono::nanoseconds> told) { docker->container_cpu(id, soon(), std::move(told)); });
  };
  auto id = running(spec({"sh", "-c", "while true; do true; done"}));
  auto before = require(used(id));
  auto after = require(used(id));
  CHECK(after > before);
  test::run_shell("docker kill " + id + " >/dev/null && docker wait " + id + " >/dev/null");
  CHECK(require(used(id)) == std::chrono::nanoseconds(0));
  require(remove(id));
  CHECK(used(id).error().code == ec::container_not_found);
}
