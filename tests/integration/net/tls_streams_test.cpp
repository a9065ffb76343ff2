#include "tests/integration/net/support/scripted_server.hpp"
#include "tests/integration/net/support/trusting.hpp"

#include <catch2/catch.hpp>

#include <thread>

using namespace opr;
using namespace opr::test;

namespace {

struct fixture : trusting_fixture {
  std::string large = [] {
    std::string made(8'000'000, '\0');
    for (size_t i = 0; i < made.size(); ++i)
      made[i] = static_cast<char>((i * 2654435761U) >> 7);
    return made;
  }();
};

/// Gives a body in pieces of that size.
class pieces final : public net::body_source {
public:
  pieces(const std::string& of, size_t size) : rest_(of), size_(size) {}
  void pull(std::function<void(std::string)> ready) override {
    auto piece = rest_.substr(0, size_);
    rest_.remove_prefix(piece.size());
    ready(std::string(piece));
  }

private:
  std::string_view rest_;
  size_t size_;
};

} // namespace

TEST_CASE_METHOD(fixture, "calls over TLS share one connection, one after the other", "[net][tls]") {
  scripted_server server([](peer& client) {
    for (;;) {
      client.request();
      client.send(ok(std::to_string(client.index())));
    }
  });
  front before(server.where().port, speaking_tls());
  auto upstream = http->open(safe(before.port()));
  for (int i = 0; i < 5; ++i)
    REQUIRE(exchange(*upstream)->body() == "0");
  CHECK(before.connections() == 1);
}

TEST_CASE_METHOD(fixture, "a safe connection that the server closed while it rested isn't used",
                 "[net][tls]") {
  scripted_server server([](peer& client) {
    client.request();
    client.send(ok("once"));
  });
  front before(server.where().port, speaking_tls());
  auto upstream = http->open(safe(before.port()));
  for (int i = 0; i < 3; ++i) {
    REQUIRE(exchange(*upstream)->body() == "once");
    for (auto until = clock::now() + patience; before.ended() == i && clock::now() < until;)
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  CHECK(before.connections() == 3);
}

TEST_CASE_METHOD(fixture, "large bodies go both ways through TLS unchanged", "[net][tls]") {
  scripted_server server([](peer& client) {
    auto got = client.request();
    client.send(ok(got.substr(got.find("\r\n\r\n") + 4)));
  });
  front before(server.where().port, speaking_tls());
  auto upstream = http->open(safe(before.port()));
  auto answer = exchange(*upstream, request(large));
  CHECK(answer->wait().code == ec::none);
  CHECK(answer->body() == large);
}

TEST_CASE_METHOD(fixture, "a streamed body goes through TLS unchanged", "[net][tls]") {
  scripted_server server([](peer& client) { client.send(ok(std::to_string(client.request().size()))); });
  front before(server.where().port, speaking_tls());
  auto upstream = http->open(safe(before.port()));
  auto wish = request("not empty");
  wish.stream = std::make_shared<pieces>(large, 100'000);
  auto answer = exchange(*upstream, wish);
  CHECK(answer->wait().code == ec::none);
  // 80 pieces, each between a size in hex and two line ends, and the last chunk.
  auto head = std::stoul(answer->body()) - large.size() - 80 * 9 - 5;
  CHECK(head < 200);
}

TEST_CASE_METHOD(fixture, "a reader that pauses holds a server behind TLS back, and gets all", "[net][tls]") {
  scripted_server server([this](peer& client) {
    client.request();
    client.send(ok(large));
  });
  front before(server.where().port, speaking_tls());
  auto upstream = http->open(safe(before.port()));
  auto reader = std::make_shared<recorder>();
  std::atomic<int> pauses{0};
  reader->on_piece = [&](std::string_view) {
    ++pauses;
    return net::flow::pause;
  };
  auto call = upstream->send(request(), reader);
  while (!reader->is_done())
    call->resume();
  CHECK(reader->body() == large);
  CHECK(pauses > 100);
}

TEST_CASE_METHOD(fixture, "the end of TLS ends an answer without a length", "[net][tls]") {
  scripted_server server([](peer& client) {
    client.request();
    client.send("HTTP/1.1 200 OK\r\n\r\nall of it");
  });
  front before(server.where().port, speaking_tls());
  auto answer = exchange(*http->open(safe(before.port())));
  CHECK(answer->wait().code == ec::none);
  CHECK(answer->body() == "all of it");
}

TEST_CASE_METHOD(fixture, "a stream that was cut isn't the end of an answer without a length", "[net][tls]") {
  scripted_server server([](peer& client) {
    client.request();
    client.send("HTTP/1.1 200 OK\r\n\r\nsome of it");
  });
  auto how = speaking_tls();
  how.says_end = false;
  front before(server.where().port, how);
  auto answer = exchange(*http->open(safe(before.port())));
  CHECK(answer->wait().code == ec::connection_broken);
  CHECK_THAT(answer->wait().detail, Catch::Contains("TLS"));
}

TEST_CASE_METHOD(fixture, "a connection that is cut at any byte of the hand-shake is a failed connect",
                 "[net][tls]") {
  scripted_server server([](peer& client) { client.request(); });
  front safe_one(server.where().port, speaking_tls());
  front_manners how;
  how.bytes_down = 0;
  front cutting(safe_one.port(), how);
  auto upstream = http->open(safe(cutting.port()));
  for (how.bytes_down = 0; how.bytes_down < 600; how.bytes_down += 97) {
    CAPTURE(how.bytes_down);
    cutting.change(how);
    REQUIRE(exchange(*upstream)->wait().code == ec::connect_failed);
  }
}

TEST_CASE_METHOD(fixture, "many calls at once over TLS all get their own answers", "[net][tls]") {
  scripted_server server([](peer& client) {
    for (;;) {
      auto got = client.request();
      client.send(ok(got.substr(got.find("\r\n\r\n") + 4)));
    }
  });
  front before(server.where().port, speaking_tls());
  auto upstream = http->open(safe(before.port()));
  std::vector<std::pair<std::string, std::shared_ptr<recorder>>> asked;
  for (int i = 0; i < 50; ++i)
    asked.emplace_back(std::string(static_cast<size_t>(1000 * i + 1), static_cast<char>('a' + i % 26)),
                       std::make_shared<recorder>());
  for (auto& [body, reader] : asked)
    upstream->send(request(body), reader);
  for (auto& [body, reader] : asked) {
    REQUIRE(reader->wait().code == ec::none);
    REQUIRE(reader->body() == body);
  }
}
