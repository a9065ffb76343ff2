#include "support/proxy_front.hpp"
#include "support/serving.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <thread>

using namespace opr;
using namespace opr::test;
using Catch::Matchers::Contains;
using opr::http::test::client;
using opr::test::eventually;
using namespace std::chrono_literals;

namespace {

scripted_server::script serve(std::string body) {
  return [body](peer& caller) {
    for (;;) {
      caller.request();
      caller.send(ok(body));
    }
  };
}

} // namespace

TEST_CASE("a request that couldn't be sent goes to the next executor, and from then on all do", "[proxy]") {
  scripted_server second{serve("second")};
  proxy_front front{{nobody(), second.where()}};
  client caller{front.port()};
  CHECK(caller.ask(keyed("GET", "/")).body == "second");
  CHECK_FALSE(front.node(0).reachable);
  CHECK(caller.ask(keyed("GET", "/")).body == "second");
  CHECK(front.faults().empty());
}

TEST_CASE("a streamed body is not lost to an executor that can't be connected to", "[proxy]") {
  scripted_server second{[](peer& caller) { caller.send(ok(caller.request())); }};
  proxy_front front{{nobody(), nobody(), second.where()}};
  client caller{front.port()};
  caller.send(keyed("POST", "/", "Content-Length: 12\r\n") + "first ");
  std::this_thread::sleep_for(50ms); // The rest comes when nobody was reached yet, or somebody was.
  CHECK_THAT(caller.ask("second").body, Catch::Matchers::EndsWith("first second"));
}

TEST_CASE("an executor that lets no connection come about in time is passed over", "[proxy]") {
  net::address full;
  auto listener = bind_free_port(full, 0); // Its queue holds one connection, which is this one:
  client fills{full.port};
  scripted_server second{serve("second")};
  proxy_front front{{full, second.where()},
                    [](http::proxy_context& with) { with.connect_timeout = std::chrono::milliseconds(200); }};
  client caller{front.port()};
  auto begun = clock::now();
  CHECK(caller.ask(keyed("GET", "/")).body == "second");
  CHECK(clock::now() - begun < 5s);
  CHECK_FALSE(front.node(0).reachable);
}

TEST_CASE("when nobody is left the caller is told to come again", "[proxy]") {
  proxy_front front{{nobody(), nobody()}};
  client caller{front.port()};
  for (int i = 0; i < 2; ++i) {
    auto got = caller.ask(keyed("GET", "/x?secret=1"));
    CHECK(got.status == 503);
    CHECK(*find_header(got.headers, "retry-after") == "1");
    CHECK(got.body == R"({"message":"No online executor found","code":503,"version":"1.2.3"})");
  }
  auto told = front.faults();
  REQUIRE(told.size() == 2);
  CHECK(told[0].status == 503);
  CHECK(told[0].target == "/x");
}

TEST_CASE(
    "a request that was sent is never sent again: the caller gets a 502, and the runtime is no good there",
    "[proxy]") {
  std::atomic<int> requests{0};
  auto die = [&](peer& caller) {
    caller.request();
    ++requests;
    caller.reset();
  };
  scripted_server first{die};
  scripted_server second{die};
  proxy_front front{{first.where(), second.where()}};
  auto got = client(front.port()).ask(keyed("POST", "/", "X-Opr-Runtime-Id: r\r\n", "body"));
  CHECK(got.status == 502);
  CHECK_THAT(got.body, Contains("\"code\":502"));
  CHECK(requests == 1);
  CHECK(front.node(0).suspect);
  CHECK(front.node(0).reachable);
  CHECK_FALSE(front.node(0).runtimes.find("r")->passes);
  REQUIRE(front.faults().size() == 1);
  CHECK(front.faults()[0].type == "executor_broken");
}

TEST_CASE("an answer that breaks off is cut, so that nobody takes it for the whole", "[proxy]") {
  scripted_server executor{[](peer& caller) {
    caller.request();
    caller.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
  }};
  proxy_front front{{executor.where()}};
  client caller{front.port()};
  caller.send(keyed("GET", "/", "X-Opr-Runtime-Id: r\r\n"));
  CHECK(caller.sees_reset());
  CHECK_FALSE(front.node(0).runtimes.find("r")->passes);
}

TEST_CASE("a short answer that breaks off is still an error that can be read", "[proxy]") {
  scripted_server executor{[](peer& caller) {
    caller.request();
    caller.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc");
  }};
  proxy_front front{{executor.where()}};
  CHECK(client(front.port()).ask(keyed("GET", "/")).status == 502);
}

TEST_CASE("what is no HTTP is a 502", "[proxy]") {
  scripted_server executor{[](peer& caller) {
    caller.request();
    caller.send("SSH-2.0-OpenSSH_9.2\r\n\r\n");
  }};
  proxy_front front{{executor.where()}};
  CHECK(client(front.port()).ask(keyed("GET", "/")).status == 502);
}

TEST_CASE("a function that takes too long is a 504, and its executor stays online", "[proxy]") {
  scripted_server executor{[](peer& caller) {
    caller.request();
    caller.read_to_end();
  }};
  proxy_front front{{executor.where()},
                    [](http::proxy_context& with) { with.max_timeout = std::chrono::milliseconds(200); }};
  auto got = client(front.port()).ask(keyed("GET", "/", "X-Opr-Runtime-Id: r\r\n"));
  CHECK(got.status == 504);
  CHECK(front.node(0).online);
  CHECK(front.node(0).reachable);
  CHECK(front.node(0).runtimes.find("r")->passes);
  CHECK(eventually([&] { return front.node(0).in_flight == 0; }));
}

TEST_CASE("in production an error says nothing of what is behind the proxy, in development it does",
          "[proxy]") {
  const bool development = GENERATE(false, true);
  scripted_server executor{[](peer& caller) { caller.request(); }};
  proxy_front front{{executor.where()}, [&](http::proxy_context& with) { with.development = development; }};
  auto got = client(front.port()).ask(keyed("GET", "/"));
  CHECK((got.body.find("127.0.0.1") != std::string::npos) == development);
}
