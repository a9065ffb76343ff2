#include "tests/integration/net/support/trusting.hpp"
#include "tests/integration/storage/s3/s3_fixture.hpp"

using namespace opr;
using namespace opr::storage;

namespace {

/// Each of these tests runs with each of the servers.
struct servers_fixture : s3_fixture {
  explicit servers_fixture(test::s3_kind kind = GENERATE(test::s3_kind::s3rver, test::s3_kind::swift))
      : s3_fixture(kind), which(Catch::MessageBuilder("INFO", CATCH_INTERNAL_LINEINFO, Catch::ResultWas::Info)
                                << (kind == test::s3_kind::swift ? "with Swift" : "with s3rver")) {}

  Catch::ScopedMessage which;
};

} // namespace

TEST_CASE_METHOD(servers_fixture, "what was stored in a bucket is fetched again", "[storage][s3]") {
  auto [size, key] = GENERATE(table<size_t, const char*>({{0, "empty"},
                                                          {1, "/storage/builds/one.gz"},
                                                          {3'000'000, "builds/app 1/a+b=c&d.gz"},
                                                          {17'000'001, "large-in-parts"}}));
  auto made = folder.write("made", bytes(size));
  auto stored = store(*bucket, made, key);
  REQUIRE((stored ? "" : stored.error().detail) == std::string());
  CHECK(*stored == size);
  auto got = fetch(*bucket, key, "got");
  REQUIRE((got ? "" : got.error().detail) == std::string());
  CHECK(content(at("got")) == bytes(size));
  CHECK(files_in(folder.path()) == 2);
}

TEST_CASE_METHOD(servers_fixture, "keys lie under the DSN's prefix", "[storage][s3]") {
  auto under = open(server.dsn("bucket/some/place"));
  REQUIRE(store(*under, folder.write("made", "hello"), "/key"));
  REQUIRE(fetch(*bucket, "some/place/key", "got"));
}

TEST_CASE_METHOD(servers_fixture, "an object is stored in place of another", "[storage][s3]") {
  REQUIRE(store(*bucket, folder.write("first", "first"), "key"));
  REQUIRE(wait_for<uint64_t>([&](then<uint64_t> end) {
    bucket->replace(folder.write("second", "second"), "key", waiting_device::soon(), std::move(end));
  }));
  REQUIRE(fetch(*bucket, "key", "got"));
  CHECK(content(at("got")) == "second");
}

TEST_CASE_METHOD(servers_fixture, "an object that hasn't changed isn't fetched again", "[storage][s3]") {
  auto look = [&](const std::string& known, const std::string& name) {
    return wait_for<fetched>([&](then<fetched> end) {
      bucket->fetch_if_changed("key", known, at(name), waiting_device::soon(), std::move(end));
    });
  };
  REQUIRE(store(*bucket, folder.write("made", "first"), "key"));
  auto first = look({}, "one");
  REQUIRE(first);
  CHECK_FALSE(first->version.empty());
  auto again = look(first->version, "two");
  REQUIRE(again);
  CHECK(again->is_unchanged);
  CHECK_FALSE(std::filesystem::exists(at("two")));
  REQUIRE(store(*bucket, folder.write("changed", "second"), "key"));
  auto changed = look(first->version, "three");
  REQUIRE(changed);
  CHECK_FALSE(changed->is_unchanged);
  CHECK(content(at("three")) == "second");
}

TEST_CASE_METHOD(servers_fixture, "a wrong secret is told in the server's words", "[storage][s3]") {
  auto where = std::get<s3_place>(*parse_dsn(server.dsn()));
  where.secret = "wrong";
  auto denied = open(where);
  auto size = GENERATE(5, 7'000'000);
  auto stored = store(*denied, folder.write("made", bytes(static_cast<size_t>(size))), "key");
  REQUIRE_FALSE(stored);
  CHECK(stored.error().code == ec::storage_failed);
  CHECK_THAT(stored.error().detail,
             Catch::Contains("bucket bucket, key key: ") && Catch::Contains("403 SignatureDoesNotMatch"));
  CHECK_THAT(stored.error().detail, !Catch::Contains("wrong"));
  CHECK_FALSE(fetch(*denied, "key", "got"));
  CHECK(files_in(folder.path()) == 1);
}

TEST_CASE_METHOD(servers_fixture, "what isn't there is told apart: the key, or the whole bucket",
                 "[storage][s3]") {
  auto got = fetch(*bucket, "nothing", "got");
  REQUIRE_FALSE(got);
  CHECK(got.error().code == ec::source_not_found);
  auto nowhere = open(server.dsn("other"));
  auto stored = store(*nowhere, folder.write("made", "x"), "key");
  REQUIRE_FALSE(stored);
  CHECK(stored.error().code == ec::storage_failed);
  CHECK_THAT(stored.error().detail, Catch::Contains("bucket other") && Catch::Contains("NoSuchBucket"));
}

TEST_CASE_METHOD(servers_fixture, "a key that could lead elsewhere isn't asked for", "[storage][s3]") {
  CHECK(fetch(*bucket, "../key", "got").error().code == ec::path_refused);
  CHECK(store(*bucket, folder.write("made", "x"), "a/../b").error().code == ec::path_refused);
}

TEST_CASE_METHOD(servers_fixture, "a link that user code left isn't followed into the bucket",
                 "[storage][s3]") {
  std::filesystem::create_symlink("/etc/passwd", at("link"));
  CHECK(store(*bucket, at("link"), "key").error().code == ec::path_refused);
  CHECK(fetch(*bucket, "key", "got").error().code == ec::source_not_found);
}

TEST_CASE_METHOD(servers_fixture, "an object on its way when the storage closes ends", "[storage][s3]") {
  test::front_manners slow;
  slow.bytes_per_second = 100'000;
  test::front before(server.port(), slow);
  auto slow_bucket = open(server.dsn("bucket", before.port()));
  auto made = folder.write("made", bytes(9'000'000));
  auto stored = wait_for<uint64_t>([&](then<uint64_t> end) {
    slow_bucket->store(made, "key", waiting_device::soon(), std::move(end));
    std::this_thread::sleep_for(50ms);
    slow_bucket.reset();
  });
  CHECK(stored.error().code == ec::cancelled);
}

namespace {

struct trusting_s3_fixture : test::trusted_authority, servers_fixture {};

} // namespace

TEST_CASE_METHOD(trusting_s3_fixture, "a bucket behind TLS is reached, if its server is who it should be",
                 "[storage][s3]") {
  test::front_manners how;
  how.certificate = authority.issue("IP:127.0.0.1");
  test::front before(server.port(), how);
  auto dsn = server.dsn("bucket", before.port());
  dsn.replace(dsn.find("http%3A"), 7, "https%3A");
  const std::string made = "made";
  auto stored = store(*open(dsn), folder.write("made", bytes(7'000'000)), made);
  REQUIRE((stored ? "" : stored.error().detail) == std::string());
  REQUIRE(fetch(*open(dsn), made, "got"));
  CHECK(content(at("got")) == bytes(7'000'000));
  how.certificate = test::certificate_authority().issue("IP:127.0.0.1");
  before.change(how);
  auto refused = fetch(*open(dsn), made, "again", clock::now() + 2s);
  REQUIRE_FALSE(refused);
  CHECK_THAT(refused.error().detail, Catch::Contains("certificate was refused"));
  CHECK(fetch(*open(dsn + "&insecure=true"), made, "insecure"));
}
