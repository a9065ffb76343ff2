#include "executor_under_test.hpp"
#include "tests/support/s3_server.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <unistd.h>

using namespace opr;
using namespace opr::test;

namespace {

constexpr const char* copy_archive = "cp /tmp/code.tar.gz /mnt/code/code.tar.gz";

/// An executor whose archives lie in a bucket.
struct bucket_fixture {
  explicit bucket_fixture(const std::string& settings = {})
      : executor("connection_storage: " + server.dsn() + "\n" + settings) {}

  s3_server server;
  executor_under_test executor;

  /// Moves a demo function's archive from the disk to the bucket, under the same name.
  object cold(const std::string& function) const {
    auto parameters = executor.cold(function);
    auto path = executor.archive(function);
    CHECK(curl("--upload-file " + path, path) == "");
    std::filesystem::remove(path);
    return parameters;
  }

  std::string curl(const std::string& arguments, const std::string& key) const {
    return output_of("curl --silent --show-error --fail --aws-sigv4 aws:amz:us-east-1:s3 "
                     "--header 'x-amz-content-sha256: UNSIGNED-PAYLOAD' " +
                     arguments + " " + server.url() + "/bucket" + key + " 2>&1");
  }
};

std::string all_output(const api_answer& answer) {
  std::string text;
  for (const auto& entry : answer.json["output"].GetArray())
    text += entry["content"].GetString();
  return text;
}

} // namespace

TEST_CASE_METHOD(bucket_fixture, "a function comes from a bucket, is built into it, and runs from there") {
  auto built = executor.create(cold("hello")
                                   .with("runtimeId", "build")
                                   .with("command", copy_archive)
                                   .with("remove", true)
                                   .with("destination", executor.storage() + "/builds"));
  INFO(built.text);
  REQUIRE(built.status == 201);
  CHECK(built.number("size") > 0);
  CHECK_THAT(curl("--head", built.string("path")), Catch::StartsWith("HTTP/1.1 200"));
  CHECK_FALSE(std::filesystem::exists(built.string("path")));
  auto ran = executor.execute(
      "one",
      object{}.with("image", node_v5).with("source", built.string("path")).with("entrypoint", "index.js"));
  INFO(ran.text);
  CHECK(ran.status == 200);
  CHECK(output_of("ls " + executor.data_dir() + "/." + executor.name() + ".source-cache | wc -l") == "2\n");
}

TEST_CASE_METHOD(bucket_fixture,
                 "a source that isn't in the bucket is named, and nothing is left of the start") {
  auto missing = executor.cold("hello").with("source", "/none.tar.gz");
  auto answer = executor.execute("one", missing);
  CHECK(answer.status >= 400);
  CHECK_THAT(answer.text, Catch::Contains("none.tar.gz"));
  CHECK(executor.containers().empty());
  CHECK(executor.call("GET", "/v1/runtimes/one").status == 404);
}

TEST_CASE("within source_cache_max_age a cold start doesn't need the bucket") {
  bucket_fixture with("source_cache_max_age: 3600\n");
  auto parameters = with.cold("hello");
  REQUIRE(with.executor.execute("one", parameters).status == 200);
  with.executor.remove("one");
  CHECK(with.curl("--request DELETE", with.executor.storage() + "/hello.tar.gz") == "");
  auto again = with.executor.execute("one", parameters);
  INFO(again.text);
  CHECK(again.status == 200);
}

TEST_CASE("a build finds at /cache what the one before it left there") {
  executor_under_test executor{"build_cache_folder: /tmp/opr-test-cache-" + std::to_string(getpid()) + "\n"};
  auto folder = "/tmp/opr-test-cache-" + std::to_string(getpid());
  auto build = [&](const std::string& id, const std::string& command) {
    return executor.create(executor.cold("hello")
                               .with("runtimeId", id)
                               .with("cacheKey", "app-1")
                               .with("remove", true)
                               .with("destination", executor.storage() + "/builds")
                               .with("command", command + "; " + copy_archive));
  };
  auto first = build("first", "ls /cache; echo one > /cache/stores.sqfs");
  INFO(first.text);
  REQUIRE(first.status == 201);
  CHECK(all_output(first) == "");
  auto second = build("second", "cat /cache/stores.sqfs; echo two > /cache/stores.sqfs");
  REQUIRE(second.status == 201);
  CHECK_THAT(all_output(second), Catch::Contains("one"));
  CHECK(output_of("cat " + folder + "/app-1/lz4-b1M/stores.sqfs") == "two\n");
  auto strange = build("strange", "rm /cache/stores.sqfs; ln -s /etc/passwd /cache/stores.sqfs");
  REQUIRE(strange.status == 201);
  CHECK_THAT(all_output(strange), Catch::Contains("[build cache] Warning: "));
  CHECK(output_of("cat " + folder + "/app-1/lz4-b1M/stores.sqfs") == "two\n");
  std::filesystem::remove_all(folder);
}
