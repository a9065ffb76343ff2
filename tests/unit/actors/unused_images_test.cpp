#include "actors/executor/pulled_images.hpp"
#include "fixture.hpp"
#include "tests/support/temp_dir.hpp"

#include <catch2/catch.hpp>

#include <filesystem>

using namespace opr;
using namespace opr::test;
using namespace std::chrono_literals;

namespace {

const std::string node = "docker.io/library/node:18";

executor_policy removing_after_an_hour(const std::string& data_dir = {}) {
  executor_policy policy;
  policy.images = {"own:1"};
  policy.pulls = pull_policy::on_demand;
  policy.image_threshold = 1h;
  policy.maintenance_interval = 10min;
  policy.data_dir = data_dir;
  return policy;
}

struct removing_fixture : executor_fixture {
  removing_fixture() : executor_fixture(removing_after_an_hour()) {}

  void pull(const std::string& image) {
    auto wanted = want_image(image);
    answer<done>(engine.pulling, done{});
    REQUIRE(wanted->has_value());
  }
};

const wall_clock::time_point today{1'000'000'000s};

} // namespace

TEST_CASE_METHOD(removing_fixture, "an image that was pulled for a runtime goes when it was unused for long",
                 "[images]") {
  pull("node:18");
  pass(59min);
  CHECK(count("remove-image") == 0);
  pass(10min);
  CHECK(engine.calls.back() == "remove-image " + node);
  answer<done>(engine.removing_images, done{});
  pass(2h);
  CHECK(count("remove-image") == 1);
}

TEST_CASE_METHOD(removing_fixture, "an image is used by every start of a runtime", "[images]") {
  auto got = execute(cold_request("one"));
  fetched();
  answer<std::string>(engine.creating, {ec::image_not_found, "No such image: image:v5"});
  answer<done>(engine.pulling, done{});
  pass(50min); // the Engine takes its time
  created();
  pass(50min);
  CHECK(count("remove-image") == 0);
}

TEST_CASE_METHOD(removing_fixture, "an image that a container uses stays, and is looked at an hour later",
                 "[images]") {
  pull("node:18");
  pass(61min);
  answer<done>(engine.removing_images, {ec::container_conflict, "a container uses the image"});
  pass(59min);
  CHECK(count("remove-image") == 1);
  pass(11min);
  CHECK(count("remove-image") == 2);
}

TEST_CASE_METHOD(removing_fixture, "an image that a container of the executor uses isn't even asked for",
                 "[images]") {
  pull("node:18");
  engine.listed = {{"c1", "exec-one", "running", {}, "node:18"}};
  pass(61min);
  CHECK(count("remove-image") == 0);
}

TEST_CASE_METHOD(removing_fixture, "nothing is removed while the Engine can't say what is used", "[images]") {
  pull("node:18");
  engine.unlisted = {ec::engine_failed, "boom"};
  pass(61min);
  CHECK(count("remove-image") == 0);
}

TEST_CASE_METHOD(removing_fixture, "a removal that failed is tried again with the next maintenance",
                 "[images]") {
  pull("node:18");
  pass(61min);
  answer<done>(engine.removing_images, {ec::engine_failed, "boom"});
  pass(11min);
  CHECK(count("remove-image") == 2);
}

TEST_CASE_METHOD(removing_fixture, "who wants an image that is just being removed gets it pulled after that",
                 "[images]") {
  pull("node:18");
  pass(61min);
  auto wanted = want_image("node:18");
  CHECK(count("pull") == 1);
  answer<done>(engine.removing_images, done{});
  CHECK(count("pull") == 2);
  answer<done>(engine.pulling, done{});
  REQUIRE(wanted->has_value());
  CHECK(wanted->value());
}

TEST_CASE_METHOD(removing_fixture, "a configured image stays", "[images]") {
  pull("own:1");
  pass(3h);
  CHECK(count("remove-image") == 0);
}

TEST_CASE("what an earlier life has pulled goes as well", "[images]") {
  temp_dir dir;
  const auto data_dir = dir.path().string();
  executor_fixture first(removing_after_an_hour(data_dir));
  first.want_image("node:18");
  first.answer<done>(first.engine.pulling, done{});
  executor_fixture second(removing_after_an_hour(data_dir));
  second.pass(71min);
  CHECK(second.engine.calls.back() == "remove-image " + node);
}

TEST_CASE("an executor that keeps images writes nothing down", "[images]") {
  temp_dir dir;
  auto policy = removing_after_an_hour(dir.path().string());
  policy.image_threshold = 0h;
  executor_fixture keeps(policy);
  keeps.want_image("node:18");
  keeps.answer<done>(keeps.engine.pulling, done{});
  keeps.pass(24h);
  CHECK(keeps.count("remove-image") == 0);
  CHECK(std::filesystem::is_empty(dir.path()));
}

TEST_CASE("images that were pulled are read as they were written", "[images]") {
  const auto now = opr::clock::now();
  pulled_images written;
  written.add(node, now - 2h);
  written.add("ghcr.io/us/own@sha256:0123456789abcdef0123456789abcdef", now);
  pulled_images read;
  read.add_text(written.text(now, today), now + 5min, today + 30min);
  CHECK(read.unused(149min, now + 5min) == std::vector<std::string>{node});
  CHECK(read.unused(30min, now + 5min).size() == 2);
  CHECK(read.unused(151min, now + 5min).empty());
}

TEST_CASE("notes of images that make no sense are left out", "[images]") {
  const auto now = opr::clock::now();
  pulled_images read;
  auto nonsense =
      GENERATE(as<std::string>(), "", "\n", "x", "1", "1 ", "1 ../../x", "x docker.io/library/node:18",
               "1  docker.io/library/node:18", "1 node:18", "99999999999999999999 " + node);
  read.add_text(nonsense, now, today);
  CHECK(read.unused(0s, now).empty());
}

TEST_CASE("a last use that is far away in either direction does no harm", "[images]") {
  const auto now = opr::clock::now();
  pulled_images read;
  read.add_text(GENERATE(as<std::string>(), "-9223372036854775808 ", "9223372036854775807 ") + node, now,
                today);
  CHECK(read.unused(0s, now) == std::vector<std::string>{node});
}
