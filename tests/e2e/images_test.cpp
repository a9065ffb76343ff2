#include "executor_under_test.hpp"
#include "tests/support/local_registry.hpp"

#include <catch2/catch.hpp>

using namespace opr;
using namespace opr::test;
using namespace std::chrono_literals;

namespace {

/// A registry with the demo's runtime image in it, which the Engine doesn't have by that name.
struct remote_image {
  local_registry registry;
  std::string name = registry.add(node_v5, "opr-test/node:v5-18.0");

  remote_image() = default;
  ~remote_image() { output_of("docker rmi --no-prune " + name + " 2>&1"); }
  remote_image(const remote_image&) = delete;
  remote_image& operator=(const remote_image&) = delete;

  bool is_here() const { return !output_of("docker images --quiet " + name).empty(); }
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
