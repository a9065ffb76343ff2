#include "actors/executor/build_cache.hpp"
#include "fixture.hpp"

#include <catch2/catch.hpp>

using namespace opr;
using namespace opr::test;

namespace {

struct cache_fixture : executor_fixture {
  /// A build that shares a cache, up to its running command. @param restored What came of the cache.
  awaited<created_runtime> start_cached_build(result<done> restored) {
    runtime_request request;
    request.runtime_id = "one";
    request.image = "image:v5";
    request.command = "make";
    request.cache_key = "app";
    auto got = create(std::move(request));
    answer<done>(storage.fetching, std::move(restored));
    created();
    started();
    inspected();
    return got;
  }
  /// The last line of the build's output.
  static std::string last_line(const awaited<created_runtime>& got) {
    REQUIRE(got->has_value());
    REQUIRE(got->value());
    const auto& output = (*got->value()).output;
    return output.empty() ? "" : output.back().content;
  }
};

} // namespace

TEST_CASE("a build's cache lies under its key") {
  CHECK(build_cache_path("/storage/build-cache", "app-1") ==
        "/storage/build-cache/app-1/lz4-b1M/stores.sqfs");
}

TEST_CASE_METHOD(cache_fixture, "a build's cache is stored after it, without a word") {
  auto got = start_cached_build(done{});
  answer<int>(engine.executing, 0);
  CHECK_FALSE(got->has_value());
  answer<uint64_t>(storage.storing, uint64_t{7});
  CHECK(last_line(got).empty());
}

TEST_CASE_METHOD(cache_fixture, "that there was no cache, and is none, is no trouble") {
  auto got = start_cached_build({ec::source_not_found, "none"});
  answer<int>(engine.executing, 0);
  answer<uint64_t>(storage.storing, {ec::source_not_found, "none"});
  CHECK(last_line(got).empty());
}

TEST_CASE_METHOD(cache_fixture, "trouble with a cache is a line in the output, and fails no build") {
  auto got = start_cached_build({ec::storage_failed, "the server answered 500"});
  answer<int>(engine.executing, 0);
  CHECK_FALSE(got->has_value());
  answer<uint64_t>(storage.storing, {ec::deadline_passed, ""});
  CHECK(last_line(got) == "[build cache] Warning: The cache could not be stored: deadline_passed\n");
  CHECK((*got->value()).output.front().content ==
        "[build cache] Warning: The cache could not be restored: the server answered 500\n");
}

TEST_CASE_METHOD(cache_fixture, "a build that failed leaves the cache as it was") {
  auto got = start_cached_build(done{});
  answer<int>(engine.executing, 1);
  CHECK(storage.storing.empty());
}
