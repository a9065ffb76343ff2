#include "actors/proxy/state_dsn.hpp"

#include <catch2/catch.hpp>

using namespace opr;

TEST_CASE("no address means no shared state", "[state_dsn]") {
  auto read = parse_state_dsn("");
  REQUIRE(read);
  CHECK(read->servers.empty());
}

TEST_CASE("a server is named by host and port", "[state_dsn]") {
  auto [text, host, port, database] = GENERATE(table<std::string, std::string, int, unsigned>({
      {"redis://redis", "redis", 6379, 0},
      {"redis://redis:6380", "redis", 6380, 0},
      {"redis://10.0.0.1:6379/3", "10.0.0.1", 6379, 3},
      {"redis://redis/", "redis", 6379, 0},
      {"redis://[::1]:7000/15", "::1", 7000, 15},
      {"redis://[fe80::1%eth0]", "fe80::1%eth0", 6379, 0},
  }));
  CAPTURE(text);
  auto read = parse_state_dsn(text);
  REQUIRE(read);
  REQUIRE(read->servers.size() == 1);
  CHECK(read->servers[0] == redis_address{host, static_cast<uint16_t>(port)});
  CHECK(read->database == database);
  CHECK_FALSE(read->is_cluster);
  CHECK(read->password.empty());
}

TEST_CASE("a login may hold any character, percent-encoded", "[state_dsn]") {
  auto [text, user, password] = GENERATE(table<std::string, std::string, std::string>({
      {"redis://me:word@redis", "me", "word"},
      {"redis://:word@redis", "", "word"},
      {"redis://:a%40b%3Ac%2F%25@redis", "", "a@b:c/%"},
      {"redis://:a@b:c@redis", "", "a@b:c"},
      {"redis-cluster://me:word@[a:1;b:2]", "me", "word"},
  }));
  CAPTURE(text);
  auto read = parse_state_dsn(text);
  REQUIRE(read);
  CHECK(read->username == user);
  CHECK(read->password == password);
}

TEST_CASE("a cluster is named by some of its servers", "[state_dsn]") {
  auto text =
      GENERATE("redis-cluster://[a:7000;b:7001;[::1]:7002]", "redis-cluster://[a:7000,b:7001,[::1]:7002]");
  auto read = parse_state_dsn(text);
  REQUIRE(read);
  CHECK(read->is_cluster);
  CHECK(read->servers == std::vector<redis_address>{{"a", 7000}, {"b", 7001}, {"::1", 7002}});
}

TEST_CASE("what is no address is refused, and never repeated", "[state_dsn]") {
  auto text = GENERATE(
      "secret", "rediss://secret", "redis://", "redis://:secret@", "redis://secret:0", "redis://secret:65536",
      "redis://secret:port", "redis://secret:1:2", "redis://secret host", "redis://secret/one",
      "redis://secret/1/2", "redis://secret?db=1", "redis://[secret", "redis://secret@redis",
      "redis://me:@secret", "redis://:%4@secret", "redis://:%00@secret", "redis-cluster://secret:1",
      "redis-cluster://[]", "redis-cluster://[secret;]", "redis-cluster://[", "redis-cluster://");
  CAPTURE(text);
  auto read = parse_state_dsn(text);
  REQUIRE_FALSE(read);
  CHECK(read.error().code == ec::general_argument_invalid);
  CHECK(read.error().detail.find("secret") == std::string::npos);
}

TEST_CASE("a cluster of very many servers is refused", "[state_dsn]") {
  std::string text = "redis-cluster://[a";
  for (int i = 0; i < 64; ++i)
    text += ";a";
  CHECK_FALSE(parse_state_dsn(text + "]"));
}
