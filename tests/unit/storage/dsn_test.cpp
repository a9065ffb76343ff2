#include "storage/dsn.hpp"

#include <catch2/catch.hpp>

using namespace opr;
using namespace opr::storage;

namespace {

s3_place bucket_at(const std::string& dsn) {
  auto read = parse_dsn(dsn);
  if (!read)
    throw std::runtime_error(read.error().detail);
  return std::get<s3_place>(*read);
}

} // namespace

TEST_CASE("local storage has three spellings", "[storage]") {
  auto read = parse_dsn(GENERATE("", "file://localhost", "local://localhost"));
  REQUIRE(read);
  CHECK(std::holds_alternative<local_place>(*read));
}

TEST_CASE("a DSN that is none is refused, and no secret is repeated", "[storage]") {
  auto dsn = GENERATE(
      "file://", "file:///HIDDEN", "local://HIDDEN", "localhost", "FILE://localhost", " ", "s3://",
      "s3:HIDDEN", "s3://KEY:HIDDEN", "s3://KEY:HIDDEN@", "s3://KEY:HIDDEN@host", "s3://KEY@host/bucket",
      "s3://:HIDDEN@h/b", "s3://KEY:@host/bucket", "s3://KEY:SE%CRET@host/bucket",
      "s3://KEY:HIDDEN@ho st/bucket", "s3://KEY:HIDDEN@host:0/bucket", "s3://KEY:HIDDEN@host:x/bucket",
      "s3://KEY:HIDDEN@host:65536/bucket", "s3://KEY:HIDDEN@host/buc ket", "s3://KEY:HIDDEN@host/bucket/../x",
      "s3://KEY:HIDDEN@h/b?regoin=HIDDEN", "s3://KEY:HIDDEN@host/bucket?insecure=HIDDEN",
      "s3://KEY:S@h/b?multipart_threshold=HIDDEN", "s3://K:S@h/b?multipart_threshold=4",
      "s3://K:S@h/b?multipart_threshold=5121", "s3://K:S@h/b?multipart_threshold=-5",
      "s3://K:S@h/b?multipart_threshold=9M", "s3://KEY:HIDDEN@host/bucket?region=a/b",
      "s3://KEY:HIDDEN@h/b?url=http%3A%2F%2F", "do-spaces://KEY:HIDDEN@localhost/bucket");
  CAPTURE(dsn);
  auto read = parse_dsn(dsn);
  REQUIRE_FALSE(read);
  CHECK(read.error().code == ec::general_argument_invalid);
  CHECK_THAT(read.error().detail, !Catch::Contains("HIDDEN"));
}

TEST_CASE("a bucket without an endpoint is at its provider's", "[storage][s3]") {
  auto [dsn, host] = GENERATE(table<const char*, const char*>({
      {"s3://K:S@localhost/b?region=eu-west-1", "b.s3.eu-west-1.amazonaws.com"},
      {"s3://K:S@/b", "b.s3.us-east-1.amazonaws.com"},
      {"s3://K:S@localhost/b?region=cn-north-1", "b.s3.cn-north-1.amazonaws.com.cn"},
      {"do-spaces://K:S@localhost/b?region=nyc3", "b.nyc3.digitaloceanspaces.com"},
      {"backblaze://K:S@localhost/b?region=us-west-004", "b.s3.us-west-004.backblazeb2.com"},
      {"linode://K:S@localhost/b?region=eu-central-1", "b.eu-central-1.linodeobjects.com"},
      {"wasabi://K:S@localhost/b?region=eu-central-1", "b.s3.eu-central-1.wasabisys.com"},
  }));
  auto where = bucket_at(dsn);
  CHECK(where.host == host);
  CHECK(where.server.host == host);
  CHECK(where.server.port == 443);
  CHECK(where.server.tls);
  CHECK_FALSE(where.server.insecure);
  CHECK_FALSE(where.path_style);
  CHECK(path_of(where, "a b/c") == "/a%20b/c");
}

TEST_CASE("a host is asked virtual-hosted, under the bucket's own name", "[storage][s3]") {
  auto where = bucket_at(GENERATE("s3://K:S@s3.example:9000/b", "s3://K:S@b.s3.example:9000/b"));
  CHECK(where.host == "b.s3.example:9000");
  CHECK(where.server.port == 9000);
  CHECK(path_of(where, "k") == "/k");
}

TEST_CASE("where a bucket's name can't be part of a host it is part of the path", "[storage][s3]") {
  auto [dsn, host] = GENERATE(table<const char*, const char*>({
      {"s3://K:S@10.0.0.1:9000/b", "10.0.0.1:9000"},
      {"s3://K:S@[::1]:9000/b", "[::1]:9000"},
      {"s3://K:S@s3.example/a.b", "s3.example"},
  }));
  auto where = bucket_at(dsn);
  CHECK(where.host == host);
  CHECK(path_of(where, "k") == "/" + where.bucket + "/k");
}

TEST_CASE("an endpoint is asked path style", "[storage][s3]") {
  auto where =
      bucket_at("s3://K:S@localhost/b/pre/fix?region=r&url=https%3A%2F%2Fproject.example%2Fstorage%2Fs3");
  CHECK(where.host == "project.example");
  CHECK(where.region == "r");
  CHECK(where.server.tls);
  CHECK(path_of(where, "k") == "/storage/s3/b/pre/fix/k");
}

TEST_CASE("insecure means no TLS where none is named, else no look at certificates", "[storage][s3]") {
  auto [dsn, tls, insecure, port] = GENERATE(table<const char*, bool, bool, int>({
      {"s3://K:S@h/b?insecure=true", false, false, 80},
      {"s3://K:S@h/b?insecure=false", true, false, 443},
      {"s3://K:S@x/b?url=h&insecure=true", false, false, 80},
      {"s3://K:S@x/b?url=h", true, false, 443},
      {"s3://K:S@x/b?url=http%3A%2F%2Fh", false, false, 80},
      {"s3://K:S@x/b?url=https%3A%2F%2Fh&insecure=true", true, true, 443},
      {"s3://K:S@x/b?url=https://h:8443&insecure=false", true, false, 8443},
  }));
  CAPTURE(dsn);
  auto where = bucket_at(dsn);
  CHECK(where.server.tls == tls);
  CHECK(where.server.insecure == insecure);
  CHECK(where.server.port == port);
}

TEST_CASE("an operator says how large a file goes in one request", "[storage][s3]") {
  auto [dsn, megabytes] = GENERATE(table<const char*, uint64_t>({
      {"s3://K:S@h/b", 100},
      {"s3://K:S@h/b?multipart_threshold=5", 5},
      {"s3://K:S@h/b?multipart_threshold=5120", 5120},
  }));
  CHECK(bucket_at(dsn).uploads.single_up_to == megabytes << 20U);
}

TEST_CASE("keys and secrets hold what percent signs and slashes say", "[storage][s3]") {
  auto where = bucket_at("s3://KEY%2B:a/b+c%40d%3A:e@h/b");
  CHECK(where.access_key == "KEY+");
  CHECK(where.secret == "a/b+c@d::e");
  CHECK(where.bucket == "b");
}

TEST_CASE("a key that could lead elsewhere is refused", "[storage][s3]") {
  CHECK(key_fault(GENERATE(as<std::string>(), "", "/", "a//b", "../a", "a/./b", "a/..", "//a", "a\nb",
                           std::string(1025, 'k'))));
  CHECK_FALSE(key_fault(GENERATE("a", "/a", "/storage/functions/app/a b.tar.gz", "..a")));
}
