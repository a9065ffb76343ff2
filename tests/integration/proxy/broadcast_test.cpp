#include "support/proxy_front.hpp"
#include "support/serving.hpp"

#include <catch2/catch.hpp>

#include <atomic>

using namespace opr;
using namespace opr::test;
using Catch::Matchers::Contains;
using opr::http::test::client;

namespace {

const std::string to_all = "X-Opr-Addressing-Method: broadcast\r\n";

/// Answers all requests so, and counts those that hold `text`.
struct counting {
  explicit counting(std::string with_what, std::string holding = "")
      : answer(std::move(with_what)), text(std::move(holding)), server([this](peer& caller) {
          for (;;) {
            seen += caller.request().find(text) != std::string::npos ? 1 : 0;
            caller.send(answer);
          }
        }) {}

  std::string answer;
  std::string text;
  std::atomic<int> seen{0};
  scripted_server server;
};

} // namespace

TEST_CASE("a broadcast reaches all that are online, with its body, and is answered with nothing", "[proxy]") {
  counting one{ok("one"), "\r\n\r\nto all"};
  counting two{ok("two"), "\r\n\r\nto all"};
  counting away{ok("three")};
  proxy_front front{{one.server.where(), two.server.where(), away.server.where()}};
  front.node(2).online = false;
  client caller{front.port()};
  auto got = caller.ask(keyed("POST", "/v1/x", to_all, "to all"));
  CHECK(got.status == 204);
  CHECK(got.body.empty());
  CHECK(one.seen == 1);
  CHECK(two.seen == 1);
  CHECK(away.seen == 0);

  // The same with a body that comes in pieces.
  caller.send(keyed("POST", "/v1/x", to_all + "Content-Length: 6\r\n") + "to ");
  CHECK(caller.ask("all").status == 204);
  CHECK(one.seen == 2);
}

TEST_CASE("an executor that has nothing to do with a broadcast doesn't make it fail", "[proxy]") {
  counting one{ok("")};
  counting two{"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"};
  proxy_front front{{one.server.where(), two.server.where()}};
  CHECK(client(front.port()).ask(keyed("DELETE", "/v1/runtimes/r", to_all)).status == 204);
}

TEST_CASE("a broadcast that failed somewhere says where", "[proxy]") {
  counting one{ok("")};
  counting two{"HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n"};
  proxy_front front{{one.server.where(), two.server.where(), nobody()}};
  auto got = client(front.port()).ask(keyed("GET", "/", to_all));
  CHECK(got.status == 502);
  CHECK_THAT(got.body, Contains(front.node(1).name + ": answers 500") &&
                           Contains(front.node(2).name + ": ") && !Contains(front.node(0).name + ": "));
  CHECK(one.seen == 1);
  CHECK_FALSE(front.node(2).reachable);
  CHECK(front.faults().size() == 1);
}

TEST_CASE("a broadcast to nobody is a 503", "[proxy]") {
  proxy_front front{{}};
  CHECK(client(front.port()).ask(keyed("GET", "/", to_all)).status == 503);
}

TEST_CASE("a broadcast that is too large to be kept is refused", "[proxy]") {
  counting one{ok("")};
  proxy_front front{{one.server.where()}};
  client caller{front.port()};
  caller.send(keyed("POST", "/", to_all + "Content-Length: 30000000\r\n"));
  caller.send(std::string(23 << 20, 'x'));
  CHECK(caller.read().status == 413);
  CHECK(one.seen == 0);
}
