#include "config/rules.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace opr::config;

TEST_CASE("an address is an IP literal and nothing else", "[rules]") {
  for (auto good : {"0.0.0.0", "127.0.0.1", "::", "::1", "fe80::1"})
    CHECK(is_ip_address(good));
  for (auto bad : {"", "localhost", "127.1", "127.0.0.1:80", "[::1]", "256.0.0.1", " ::1"})
    CHECK_FALSE(is_ip_address(bad));
}

TEST_CASE("a host name is fit for container names and folders", "[rules]") {
  for (auto good : {"a", "executor-1", "Node_2.example", "7f3a"})
    CHECK(is_hostname(good));
  for (auto bad : {"", "-a", ".a", "_a", "a/b", "a b", "é", "a:b"})
    CHECK_FALSE(is_hostname(bad));
  CHECK(is_hostname(std::string(63, 'a')));
  CHECK_FALSE(is_hostname(std::string(64, 'a')));
}

TEST_CASE("a network's name cannot lead out of its place in an URL", "[rules]") {
  CHECK(is_network_name("openruntimes-runtimes"));
  for (auto bad : {"", "a/b", "a b", "../x", "a?b"})
    CHECK_FALSE(is_network_name(bad));
}

TEST_CASE("a Docker host is a unix socket or a TCP address with its port", "[rules]") {
  for (auto good :
       {"unix:///var/run/docker.sock", "tcp://127.0.0.1:2375", "tcp://docker:2375", "tcp://[::1]:2375"})
    CHECK(is_docker_host(good));
  for (auto bad : {"", "unix://", "unix:///", "unix://docker.sock", "/var/run/docker.sock", "tcp://docker",
                   "tcp://:2375", "tcp://docker:0", "tcp://docker:70000", "tcp://docker:2375/v1",
                   "tcp://::1:2375", "http://docker:80", "ssh://me@there", "npipe:////./pipe/docker"})
    CHECK_FALSE(is_docker_host(bad));
}

TEST_CASE("a socket's path is no longer than the kernel takes", "[rules]") {
  CHECK(is_docker_host("unix:///" + std::string(106, 's')));
  CHECK_FALSE(is_docker_host("unix:///" + std::string(107, 's')));
}

TEST_CASE("a secret that no header could carry as it is is refused", "[rules]") {
  for (auto good : {"", "x", "two words"})
    CHECK(is_secret_or_empty(good));
  for (auto bad : {" x", "x ", " "})
    CHECK_FALSE(is_secret_or_empty(bad));
}

TEST_CASE("a data folder is absolute and says where it is", "[rules]") {
  for (auto good : {"/", "/tmp", "/tmp/", "/srv/..runtimes", "/srv/a.b"})
    CHECK(is_data_dir(good));
  for (auto bad : {"", "tmp", "./tmp", "/srv/../etc", "/srv/..", "/./srv", "/srv:rw"})
    CHECK_FALSE(is_data_dir(bad));
}

TEST_CASE("a storage is local, or a bucket with a login", "[rules]") {
  for (auto good :
       {"", "file://localhost", "local://localhost", "file://", "s3://a:b@c/d", "wasabi://a:b@c/d?region=e"})
    CHECK(is_storage_dsn_or_empty(good));
  for (auto bad : {"s3://a/b", "s3://a:********@c/d", "ftp://a:b@c/d", "localhost", "/srv",
                   "FILE://localhost", "file:/srv"})
    CHECK_FALSE(is_storage_dsn_or_empty(bad));
}
