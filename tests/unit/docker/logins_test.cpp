#include "docker/logins.hpp"

#include <catch2/catch.hpp>

using namespace opr;
using namespace opr::docker;

TEST_CASE("a registry is known by its host, however it is written", "[docker]") {
  auto [written, host] = GENERATE(table<const char*, const char*>({
      {"https://index.docker.io/v1/", "docker.io"},
      {"index.docker.io", "docker.io"},
      {"docker.io", "docker.io"},
      {"https://ghcr.io", "ghcr.io"},
      {"localhost:5000/v2/", "localhost:5000"},
  }));
  CHECK(registry_host(written) == host);
}

TEST_CASE("a login is for its own registry and no other", "[docker]") {
  const std::vector<registry_login> known{{"https://index.docker.io/v1/", "", ""},
                                          {"ghcr.io", "us", "secret"}};
  CHECK(login_for(known, "ghcr.io").username == "us");
  CHECK(login_for(known, "ghcr.io.evil.example").username.empty());
  CHECK(login_for(known, "docker.io").username.empty());
}

TEST_CASE("a login in one line is taken apart at its first signs", "[docker]") {
  auto login = read_login("localhost:5000=us:a:b=c");
  REQUIRE(login);
  CHECK(login->registry == "localhost:5000");
  CHECK(login->username == "us");
  CHECK(login->password == "a:b=c");
  CHECK_FALSE(read_login(GENERATE("", "a", "a=b", "=b:c", "a=:c", "a=b:")));
}

TEST_CASE("the logins of Docker's own file are read", "[docker]") {
  auto read = read_docker_config(R"({"auths": {"https://index.docker.io/v1/": {"auth": "bWU6c2VjcmV0"},
                                               "ghcr.io": {"username": "us", "password": "p:w"}, "stored": {}},
                                     "credsStore": "desktop"})");
  REQUIRE(read);
  REQUIRE(read->size() == 2);
  CHECK(login_for(*read, "docker.io").password == "secret");
  CHECK(login_for(*read, "ghcr.io").password == "p:w");
}

TEST_CASE("a file that isn't Docker's is refused, and nothing of it repeated", "[docker]") {
  auto text =
      GENERATE("", "HIDDEN", "[]", R"({"auths": "HIDDEN"})", R"({"auths": {"a": {"auth": "HIDDEN!"}}})",
               R"({"auths": {"a": {"auth": "SElEREVO"}}})");
  auto read = read_docker_config(text);
  REQUIRE_FALSE(read);
  CHECK_THAT(read.error().detail, !Catch::Contains("HIDDEN"));
  CHECK(read_docker_config("{}")->empty());
}
