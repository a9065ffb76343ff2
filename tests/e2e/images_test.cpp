#include "executor_under_test.hpp"
#include "tests/support/front.hpp"
#include "tests/support/local_registry.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <thread>

using namespace opr;
using namespace opr::test;
using namespace std::chrono_literals;

namespace {

/// A registry with the demo's runtime image in it, which the Engine doesn't have by that name.
struct remote_image {
  local_registry registry;
  std::string name = registry.add(node_v5, "opr-test/node:v5-18.0");

  explicit remote_image(registry_access access = registry_access::anybody) : registry(access) {}
  ~remote_image() { output_of("docker rmi --no-prune " + name + " 2>&1"); }
  remote_image(const remote_image&) = delete;
  remote_image& operator=(const remote_image&) = delete;

  bool is_here() const { return !output_of("docker images --quiet " + name).empty(); }
  std::string digest() const {
    const auto colon = registry.host().find(':');
    auto told = request("127.0.0.1", static_cast<uint16_t>(std::stoi(registry.host().substr(colon + 1))),
                        "GET", "/v2/opr-test/node/manifests/v5-18.0",
                        {{"accept", "application/vnd.docker.distribution.manifest.v2+json"}});
    return std::string(told.header("docker-content-digest"));
  }
  /// A cold execution in it.
  object cold(const executor_under_test& executor) const {
    return executor.cold("hello").with("image", name).with("timeout", 60.0);
  }
};

/// A registry that wants a login.
struct guarded_image : remote_image {
  guarded_image() : remote_image(registry_access::login) {}
  std::string login(const std::string& password) const {
    return registry.host() + "=" + local_registry::username + ":" + password;
  }
};

} // namespace

TEST_CASE("an image that the Engine lacks is pulled when it is wanted") {
  remote_image image;
  executor_under_test executor;
  auto answer =
      executor.execute("one", executor.cold("hello").with("image", image.name).with("timeout", 60.0));
  INFO(answer.text);
  CHECK(answer.status == 200);
  CHECK(answer.number("statusCode") == 200);
  CHECK(image.is_here());
}

TEST_CASE("images that are configured are there before they are wanted") {
  remote_image image;
  executor_under_test executor{"images: [127.0.0.1:1/opr-test/never-there, " + image.name + "]\n"};
  executor.program().wait_for_line("couldn't pull 127.0.0.1:1/opr-test/never-there:latest", 30s);
  executor.program().wait_for_line("has pulled " + image.name, 30s);
  CHECK(image.is_here());
}

TEST_CASE("an executor that is told never to pull doesn't") {
  remote_image image;
  executor_under_test executor{"image_pull: never\n"};
  auto answer = executor.execute("one", executor.cold("hello").with("image", image.name));
  CHECK(answer.status == 400);
  CHECK(answer.string("type") == "runtime_failed");
  CHECK(answer.string("message").find(image.name) != std::string::npos);
  CHECK_FALSE(image.is_here());
}

TEST_CASE("an image that can't be pulled is named, with the registry's reason") {
  executor_under_test executor;
  auto answer =
      executor.execute("one", executor.cold("hello").with("image", "127.0.0.1:1/opr-test/none:v5-1"));
  CHECK(answer.status == 400);
  CHECK(answer.string("type") == "runtime_failed");
  CHECK(answer.string("message").find("127.0.0.1:1/opr-test/none:v5-1") != std::string::npos);
  CHECK(answer.string("message").find("refused") != std::string::npos);
  CHECK(executor.nothing_left());
}

TEST_CASE("a network that somebody removed comes back with the next start") {
  executor_under_test executor;
  output_of("docker network rm " + executor.name());
  auto answer = executor.execute("one", executor.cold("hello"));
  INFO(answer.text);
  CHECK(answer.status == 200);
}

TEST_CASE("a registry's login opens its images, at start and when they are wanted") {
  guarded_image image;
  auto settings = "registries: ['" + image.login(local_registry::password) + "']\n";
  SECTION("at start") {
    executor_under_test executor{settings + "images: [" + image.name + "]\n"};
    executor.program().wait_for_line("has pulled " + image.name, 30s);
  }
  SECTION("when it is wanted") {
    executor_under_test executor{settings};
    auto answer = executor.execute("one", image.cold(executor));
    INFO(answer.text);
    CHECK(answer.status == 200);
  }
  CHECK(image.is_here());
}

TEST_CASE("the logins that Docker keeps are used as well") {
  guarded_image image;
  temp_dir dir;
  auto file = dir.write("config.json", R"({"auths":{")" + image.registry.host() + R"(":{"auth":")" +
                                           image.registry.encoded_login() + R"("}}})");
  executor_under_test executor{"registry_config: " + file + "\n"};
  auto answer = executor.execute("one", image.cold(executor));
  INFO(answer.text);
  CHECK(answer.status == 200);
}

TEST_CASE("a registry that refuses the login is told to the caller, and nothing is left of the start") {
  guarded_image image;
  executor_under_test executor{"registries: ['" + image.login("wrong") + "']\n"};
  auto answer = executor.execute("one", image.cold(executor));
  CHECK(answer.status == 400);
  CHECK(answer.string("type") == "runtime_failed");
  CHECK(answer.string("message").find(image.name) != std::string::npos);
  CHECK(answer.string("message").find("wrong") == std::string::npos);
  CHECK(executor.nothing_left());
}

TEST_CASE("an image is pulled by its digest") {
  remote_image image;
  auto by_digest = image.registry.host() + "/opr-test/node@" + image.digest();
  executor_under_test executor;
  auto answer = executor.execute("one", image.cold(executor).with("image", by_digest).with("version", "v5"));
  INFO(answer.text);
  CHECK(answer.status == 200);
  executor.remove("one");
  output_of("docker rmi --no-prune " + by_digest + " 2>&1");
}

TEST_CASE("images that the operator doesn't allow are refused wherever one may be named") {
  executor_under_test executor{"allowed_images: ['opr-demo/*:v5-*']\n"};
  auto refused = GENERATE(as<std::string>(), "busybox:v5-1", "opr-demo/node:v2-18.0");
  auto wanted = executor.cold("hello").with("image", refused);
  for (const auto& answer :
       {executor.execute("one", wanted), executor.create(object{wanted}.with("runtimeId", "one"))}) {
    CHECK(answer.status == 400);
    CHECK(answer.string("type") == "general_argument_invalid");
    CHECK(answer.string("message").find("images that this executor may run") != std::string::npos);
  }
  CHECK(executor.execute("one", executor.cold("hello")).status == 200);
}

TEST_CASE("an image that was pulled for a runtime goes some time after it, if the operator wants that") {
  remote_image image;
  executor_under_test executor{"image_threshold: 1\nmaintenance_interval: 1\n"};
  REQUIRE(executor.execute("one", image.cold(executor)).status == 200);
  executor.program().wait_for_line("image keeper has pulled " + image.name, 10s);
  SECTION("a runtime keeps it") {
    std::this_thread::sleep_for(3s); // Nothing tells that an image stays.
    CHECK(image.is_here());
  }
  SECTION("without one it goes, and comes again when it's wanted") {
    executor.remove("one");
    executor.program().wait_for_line("image keeper has removed " + image.name, 30s);
    CHECK_FALSE(image.is_here());
    CHECK(executor.execute("one", image.cold(executor)).status == 200);
  }
}

TEST_CASE("a pull that breaks off anywhere is told to its caller in time, and leaves nothing of the start") {
  remote_image image;
  const auto colon = image.registry.host().find(':');
  front before(static_cast<uint16_t>(std::stoi(image.registry.host().substr(colon + 1))), {});
  auto breaking = [](size_t bytes) {
    front_manners how;
    how.bytes_down = bytes;
    return how;
  };
  image.registry.add_random("opr-test/random:v5-1", 3); // The Engine has no layer of it.
  const auto host = "127.0.0.1:" + std::to_string(before.port());
  executor_under_test executor;
  // In the answers to the first question, to that for the manifest, and in the middle of a layer.
  for (const size_t bytes : {0, 100, 600, 2000, 50000}) {
    INFO(bytes << " bytes");
    before.change(breaking(bytes));
    const auto begun = std::chrono::steady_clock::now();
    auto cold = image.cold(executor).with("image", host + "/opr-test/random:v5-1").with("timeout", 3.0);
    auto answer = executor.execute("one", cold);
    INFO(answer.text);
    CHECK(answer.status >= 400);
    CHECK(answer.string("type").rfind("runtime_", 0) == 0);
    CHECK(std::chrono::steady_clock::now() - begun < 5s);
    executor.remove("one");
    CHECK(executor_under_test::soon([&] { return executor.nothing_left(); }));
  }
  before.change({});
  const auto name = host + "/opr-test/node:v5-18.0";
  auto answer = executor.execute("one", image.cold(executor).with("image", name));
  INFO(answer.text);
  CHECK(answer.status == 200);
  executor.remove("one");
  output_of("docker rmi --no-prune " + name + " 2>&1");
}
