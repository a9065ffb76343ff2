#include "real_engine.hpp"
#include "tests/support/local_registry.hpp"

#include <mutex>

using namespace opr;
using namespace opr::docker;
using Catch::Matchers::Contains;

namespace {

struct image_fixture : real_engine {
  std::mutex mutex;
  std::vector<std::string> progress;
  std::vector<std::string> pulled_names;

  ~image_fixture() {
    for (const auto& name : pulled_names)
      std::system(("docker rmi --force " + name + " >/dev/null 2>&1").c_str());
  }

  static image_reference named(const std::string& name) { return parse_image_reference(name).value(); }

  std::future<result<done>> begin_pull(const std::string& name, const registry_login& login = {}) {
    pulled_names.push_back(name);
    return begin<done>([&](then<done> told) {
      docker->pull_image(
          named(name), login, soon(),
          [this](std::string_view line) {
            std::lock_guard lock(mutex);
            progress.emplace_back(line);
          },
          std::move(told));
    });
  }
  result<done> pull(const std::string& name, const registry_login& login = {}) {
    return begin_pull(name, login).get();
  }
  bool has(const std::string& name) {
    return require(
        await<bool>([&](then<bool> told) { docker->has_image(named(name), soon(), std::move(told)); }));
  }
};

struct registry_fixture : image_fixture {
  test::local_registry registry;
};

struct guarded_fixture : image_fixture {
  test::local_registry registry{test::registry_access::login};
  std::string image = registry.add(test::busybox_image(), "opr-test/guarded:v1");
};

} // namespace

TEST_CASE_METHOD(registry_fixture, "an image that isn't there is fetched whole, and tells how far it is",
                 "[docker]") {
  auto name = registry.add_random("opr-test/random:v1", 3);
  CHECK_FALSE(has(name));
  require(pull(name));
  CHECK(has(name));
  CHECK_THAT(progress.front(), Contains("Pulling from opr-test/random"));
  auto downloads = std::count_if(progress.begin(), progress.end(), [](const std::string& line) {
    return line.find("Download") != std::string::npos;
  });
  CHECK(downloads > 0);
}

TEST_CASE_METHOD(registry_fixture, "a pulled image is found by its digest, and can be pulled by it",
                 "[docker]") {
  auto name = registry.add_random("opr-test/digest:v1", 1);
  require(pull(name));
  std::string digest;
  for (const auto& line : progress)
    if (line.rfind("Digest: ", 0) == 0)
      digest = line.substr(8);
  REQUIRE_FALSE(digest.empty());
  auto by_digest = registry.host() + "/opr-test/digest@" + digest;
  CHECK(has(by_digest));
  test::run_shell("docker rmi " + name + " >/dev/null");
  CHECK_FALSE(has(by_digest));
  require(pull(by_digest));
  CHECK(has(by_digest));
  CHECK_FALSE(has(name));
}

TEST_CASE_METHOD(registry_fixture, "a pull without a tag fetches the latest and no other", "[docker]") {
  registry.add(test::busybox_image(), "opr-test/tags:latest");
  registry.add(test::busybox_image(), "opr-test/tags:older");
  require(pull(registry.host() + "/opr-test/tags"));
  CHECK(has(registry.host() + "/opr-test/tags:latest"));
  CHECK_FALSE(has(registry.host() + "/opr-test/tags:older"));
}

TEST_CASE_METHOD(registry_fixture, "an image that is there already, or is on its way, is pulled as well",
                 "[docker]") {
  auto name = registry.add_random("opr-test/twice:v1", 1);
  auto first = begin_pull(name);
  auto second = begin_pull(name);
  require(first.get());
  require(second.get());
  require(pull(name));
}

TEST_CASE_METHOD(registry_fixture, "a pulled image makes containers", "[docker]") {
  auto wanted = spec();
  wanted.image = registry.add(test::busybox_image(), "opr-test/runs:v1");
  CHECK(create(wanted).error().code == ec::image_not_found);
  require(pull(wanted.image));
  CHECK_FALSE(running(wanted).empty());
  require(remove(wanted.name)); // before its image goes
}

TEST_CASE_METHOD(registry_fixture, "an image that the registry doesn't have is not found", "[docker]") {
  registry.add(test::busybox_image(), "opr-test/known:v1");
  auto name = GENERATE(as<std::string>(), "/opr-test/known:nope", "/opr-test/unknown:v1");
  auto end = pull(registry.host() + name);
  REQUIRE_FALSE(end);
  CHECK(end.error().code == ec::image_not_found);
  CHECK_THAT(end.error().detail, Contains(name));
}

TEST_CASE_METHOD(image_fixture, "a registry that isn't there is named", "[docker]") {
  auto end = pull("127.0.0.1:1/opr-test/nothing:v1");
  REQUIRE_FALSE(end);
  CHECK(end.error().code == ec::engine_failed);
  CHECK_THAT(end.error().detail, Contains("127.0.0.1:1") && Contains("refused"));
}

TEST_CASE_METHOD(guarded_fixture, "a login opens a registry that asks for one", "[docker]") {
  require(pull(image, {registry.host(), registry.username, registry.password}));
  CHECK(has(image));
}

TEST_CASE_METHOD(guarded_fixture, "a registry that asks for a login refuses who has none or a wrong one",
                 "[docker]") {
  auto login = GENERATE(registry_login{}, registry_login{"", "tester", "guessed"},
                        registry_login{"", "who", "secret"});
  auto end = pull(image, login);
  REQUIRE_FALSE(end);
  CHECK(end.error().code == ec::engine_failed);
  CHECK_THAT(end.error().detail, Contains("no basic auth credentials") || Contains("unauthorized"));
}
