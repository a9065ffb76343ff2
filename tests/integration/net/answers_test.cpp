#include "tests/integration/net/support/recorder.hpp"
#include "tests/integration/net/support/scripted_server.hpp"
#include "tests/support/temp_dir.hpp"

#include <catch2/catch.hpp>

using namespace opr;
using namespace opr::test;
using namespace std::string_literals;

namespace {

/// A server that gives every request that answer, in two pieces.
scripted_server::script answering(std::string answer, size_t cut = 0) {
  return [answer, cut](peer& client) {
    for (;;) {
      client.request();
      client.send(std::string_view(answer).substr(0, cut));
      client.send(std::string_view(answer).substr(cut));
    }
  };
}

} // namespace

TEST_CASE_METHOD(client_fixture, "a request arrives and its answer comes back", "[net]") {
  std::string seen;
  scripted_server server([&](peer& client) {
    seen = client.request();
    client.send("HTTP/1.1 418 Teapot\r\nContent-Length: 5\r\nX-A: 1\r\nx-a: 2\r\n\r\nshort");
  });
  auto what = request("hello");
  what.target = "/path?q=1";
  what.headers = {{"x-b", "3"}};
  auto upstream = http->open(server.where());
  auto answer = exchange(*upstream, what);
  CHECK(answer->wait().code == ec::none);
  CHECK(answer->status() == 418);
  CHECK(answer->head().headers.size() == 3);
  CHECK(answer->body() == "short");
  CHECK(seen == "POST /path?q=1 HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(server.where().port) +
                    "\r\nx-b: 3\r\nContent-Length: 5\r\n\r\nhello");
}

TEST_CASE_METHOD(client_fixture, "an answer in two packets is the same wherever it is cut", "[net]") {
  auto answer = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                "5;x=y\r\nhello\r\n7\r\n, world\r\n0\r\nTrailer: x\r\n\r\n"s;
  scripted_server server([&](peer& client) {
    for (size_t cut = 1; cut < answer.size(); ++cut) {
      client.request();
      client.send(std::string_view(answer).substr(0, cut));
      client.send(std::string_view(answer).substr(cut));
    }
  });
  auto upstream = http->open(server.where());
  for (size_t cut = 1; cut < answer.size(); ++cut) {
    auto got = exchange(*upstream);
    CAPTURE(cut);
    REQUIRE(got->wait().code == ec::none);
    REQUIRE(got->body() == "hello, world");
  }
  CHECK(server.connections() == 1);
}

TEST_CASE_METHOD(client_fixture, "the answer to a HEAD has no body, and the next one is its own", "[net]") {
  scripted_server server([](peer& client) {
    CHECK(client.request().substr(0, 4) == "HEAD");
    client.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
    client.request();
    client.send(ok("other"));
  });
  auto upstream = http->open(server.where());
  auto what = request();
  what.method = "HEAD";
  CHECK(exchange(*upstream, what)->body().empty());
  CHECK(exchange(*upstream)->body() == "other");
  CHECK(server.connections() == 1);
}

TEST_CASE_METHOD(client_fixture, "interim answers are skipped", "[net]") {
  scripted_server server(
      answering("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\nX: y\r\n\r\n" + ok("end")));
  auto upstream = http->open(server.where());
  for (int i = 0; i < 3; ++i) {
    auto answer = exchange(*upstream);
    CHECK(answer->status() == 200);
    CHECK(answer->body() == "end");
  }
  CHECK(server.connections() == 1);
}

TEST_CASE_METHOD(client_fixture, "an answer without a length ends with its connection", "[net]") {
  scripted_server server([](peer& client) {
    client.request();
    client.send("HTTP/1.1 200 OK\r\n\r\nto the ");
    client.send("end");
  });
  auto upstream = http->open(server.where());
  for (int i = 0; i < 2; ++i) {
    auto answer = exchange(*upstream);
    CHECK(answer->wait().code == ec::none);
    CHECK(answer->body() == "to the end");
  }
  CHECK(server.connections() == 2);
}

TEST_CASE_METHOD(client_fixture, "bodies of 20 MB go both ways whole", "[net]") {
  std::string body(20'000'000, '\0');
  for (size_t i = 0; i < body.size(); ++i)
    body[i] = static_cast<char>((i * 2654435761U) >> 13);
  scripted_server server([&](peer& client) {
    auto request = client.request();
    client.send(ok(std::string_view(request).substr(request.find("\r\n\r\n") + 4)));
  });
  auto upstream = http->open(server.where());
  auto answer = exchange(*upstream, request(body));
  CHECK(answer->wait().code == ec::none);
  CHECK((answer->body() == body));
}

TEST_CASE_METHOD(client_fixture, "what keeps the body alive is released before the end is told", "[net]") {
  scripted_server server(answering(ok("")));
  auto upstream = http->open(server.where());
  auto body = std::make_shared<std::string>("hello");
  std::weak_ptr<std::string> kept = body;
  auto what = request(*body);
  what.body_owner = std::move(body);
  auto reader = std::make_shared<recorder>();
  bool was_released = false;
  reader->on_end = [&] { was_released = kept.expired(); };
  upstream->send(std::move(what), reader);
  reader->wait();
  CHECK(was_released);
}

TEST_CASE_METHOD(client_fixture, "a server on a unix socket is called", "[net]") {
  temp_dir folder;
  scripted_server server({(folder.path() / "sock").string(), "", 0}, answering(ok("unix"), 10));
  auto upstream = http->open(server.where());
  for (int i = 0; i < 3; ++i)
    CHECK(exchange(*upstream)->body() == "unix");
  CHECK(server.connections() == 1);
}

TEST_CASE_METHOD(client_fixture, "a server is found by its name, if need be at its second address", "[net]") {
  scripted_server server(answering(ok("named"))); // `localhost` may be ::1 first, where nobody listens.
  auto upstream = http->open({"", "localhost", server.where().port});
  CHECK(exchange(*upstream)->body() == "named");
}
