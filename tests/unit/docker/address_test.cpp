#include "docker/http_engine.hpp"

#include <catch2/catch.hpp>

using namespace opr;
using docker::parse_docker_host;

TEST_CASE("a unix socket is understood", "[docker]") {
  auto where = parse_docker_host("unix:///var/run/docker.sock");
  REQUIRE(where);
  CHECK(where->unix_path == "/var/run/docker.sock");
}

TEST_CASE("a TCP address is understood", "[docker]") {
  auto [text, host, port] = GENERATE(table<const char*, const char*, uint16_t>({
      {"tcp://10.0.0.1:2375", "10.0.0.1", 2375},
      {"tcp://engine.internal:1/", "engine.internal", 1},
      {"tcp://[::1]:65535", "::1", 65535},
  }));
  auto where = parse_docker_host(text);
  REQUIRE(where);
  CHECK(where->unix_path.empty());
  CHECK(where->host == host);
  CHECK(where->port == port);
}

TEST_CASE("a Docker host in another form is refused, and the accepted forms are named", "[docker]") {
  auto text =
      GENERATE("", "unix://", "unix:///", "unix://relative", "/var/run/docker.sock", "http://host:1",
               "tcp://", "tcp://host", "tcp://:2375", "tcp://host:0", "tcp://host:65536", "tcp://host:1x",
               "tcp://a/b:1", "tcp://user@host:1", "tcp://::1:2375", "tcp://host:+1", "tcp://host:");
  auto where = parse_docker_host(text);
  REQUIRE_FALSE(where);
  CHECK(where.error().code == ec::general_argument_invalid);
  CHECK_THAT(where.error().detail, Catch::Contains("unix:///") && Catch::Contains("tcp://"));
}
