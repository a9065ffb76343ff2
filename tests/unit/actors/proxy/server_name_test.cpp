#include "actors/proxy/server_name.hpp"

#include <catch2/catch.hpp>

using namespace opr;

using texts = std::vector<std::string>;

TEST_CASE("a server's name is taken apart", "[server]") {
  auto [text, host, port, is_address] = GENERATE(table<const char*, const char*, int, bool>({
      {"executor", "executor", 80, false},
      {"executor:9900", "executor", 9900, false},
      {"10.0.0.1", "10.0.0.1", 80, true},
      {"10.0.0.1:81", "10.0.0.1", 81, true},
      {"[::1]", "::1", 80, true},
      {"[fe80::1]:81", "fe80::1", 81, true},
  }));
  auto made = parse_server(text);
  CHECK(made.text == text);
  CHECK(made.host == host);
  CHECK(made.port == port);
  CHECK(made.is_address() == is_address);
}

TEST_CASE("a URL is taken apart", "[server]") {
  auto plain = parse_url("http://hc.example");
  REQUIRE(plain);
  CHECK(plain->server.host == "hc.example");
  CHECK(plain->server.port == 80);
  CHECK(plain->path == "/");
  CHECK_FALSE(plain->tls);
  auto full = parse_url("https://hc.example:8443/ping/1?x=y#top");
  CHECK(full->server.port == 8443);
  CHECK(full->path == "/ping/1?x=y");
  CHECK(full->tls);
  CHECK(parse_url("https://hc.example?x")->path == "/?x");
  CHECK(parse_url("https://hc.example")->server.port == 443);
  CHECK_FALSE(parse_url(""));
}

TEST_CASE("addresses that may be one server's are taken once", "[server]") {
  CHECK(distinct_servers({"127.0.0.1", "::1"}) == texts{"127.0.0.1"});
  CHECK(distinct_servers({"10.0.0.2", "10.0.0.1", "10.0.0.2"}) == texts{"10.0.0.1", "10.0.0.2"});
  CHECK(distinct_servers({"fe80::2", "fe80::1"}) == texts{"fe80::1", "fe80::2"});
  CHECK(distinct_servers({}).empty());
}

TEST_CASE("an address is a name together with its port", "[server]") {
  CHECK(name_of("10.0.0.1", 80) == "10.0.0.1:80");
  CHECK(name_of("::1", 81) == "[::1]:81");
}
