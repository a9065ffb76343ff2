#include "tests/integration/net/support/recorder.hpp"
#include "tests/integration/net/support/scripted_server.hpp"

#include <catch2/catch.hpp>

using namespace opr;
using namespace opr::test;
using namespace std::string_literals;

namespace {

struct fixture : client_fixture {
  failure end_with(net::address where) {
    auto upstream = http->open(std::move(where));
    auto answer = exchange(*upstream);
    CHECK(answer->ends() == 1);
    CHECK_FALSE(answer->was_told_after_end());
    return answer->wait();
  }
  failure end_with_answer(const std::string& answer) {
    scripted_server server([&](peer& client) {
      client.request();
      client.send(answer);
      client.read_to_end();
    });
    return end_with(server.where());
  }
};

} // namespace

TEST_CASE_METHOD(fixture, "a server that nobody runs is a failed connect that names it", "[net]") {
  net::address where;
  auto bound = bind_free_port(where, -1);
  auto why = end_with(where);
  CHECK(why.code == ec::connect_failed);
  CHECK(why.detail.find("127.0.0.1:") != std::string::npos);
  CHECK(why.detail.find("refused") != std::string::npos);
}

TEST_CASE_METHOD(fixture, "an address that can't be is a failed connect", "[net]") {
  auto where = GENERATE(net::address{"/no/such/socket", "", 0}, net::address{std::string(200, 'x'), "", 0},
                        net::address{"", "no-such-host.invalid", 80}, net::address{"", "", 80},
                        net::address{"", "999.1.1.1", 80});
  CHECK(end_with(where).code == ec::connect_failed);
}

TEST_CASE_METHOD(fixture, "what isn't HTTP, or can be read in two ways, is an invalid answer", "[net]") {
  auto answer = GENERATE("SSH-2.0-OpenSSH_9.2\r\n"s, "\r\n\r\nHTTP/1.1 200 OK\r\n\r\n"s,
                         "HTTP/1.1 200 OK\r\nbad header\r\n\r\n"s,
                         "HTTP/1.1 200 OK\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"s,
                         "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n"s,
                         "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzzz\r\n"s,
                         "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"s,
                         "HTTP/1.1 200 OK\r\nX: " + std::string(70'000, 'x') + "\r\n\r\n");
  CHECK(end_with_answer(answer).code == ec::answer_invalid);
}

TEST_CASE_METHOD(fixture, "random bytes never pass for an answer", "[net]") {
  std::string noise(100'000, '\0');
  for (size_t i = 0; i < noise.size(); ++i)
    noise[i] = static_cast<char>((i * 40503U) >> 3);
  CHECK(end_with_answer(noise).code == ec::answer_invalid);
}

TEST_CASE_METHOD(fixture, "an answer cut off at any byte is a broken connection", "[net]") {
  auto answer = GENERATE("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"s,
                         "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"s);
  scripted_server server([&](peer& client) {
    client.request();
    client.send(answer.substr(0, static_cast<size_t>(client.index())));
  });
  auto upstream = http->open(server.where());
  for (size_t cut = 0; cut < answer.size(); ++cut) {
    CAPTURE(cut);
    auto got = exchange(*upstream);
    REQUIRE(got->wait().code == ec::connection_broken);
    REQUIRE(got->ends() == 1);
  }
  CHECK(static_cast<size_t>(server.connections()) == answer.size());
}

TEST_CASE_METHOD(fixture, "a reset in the middle of an answer without a length is not its end", "[net]") {
  scripted_server server([](peer& client) {
    client.read_until("GET"); // What stays unread makes the close an RST by itself, too.
    client.send("HTTP/1.1 200 OK\r\n\r\nsome");
    client.reset();
  });
  CHECK(end_with(server.where()).code == ec::connection_broken);
}

TEST_CASE_METHOD(fixture, "a reader that has enough ends the call", "[net]") {
  scripted_server server([](peer& client) {
    client.request();
    client.send("HTTP/1.1 200 OK\r\n\r\n");
    for (;;)
      client.send(std::string(100'000, 'x'));
  });
  auto upstream = http->open(server.where());
  auto reader = std::make_shared<recorder>();
  reader->on_piece = [](std::string_view) { return net::flow::stop; };
  upstream->send(request(), reader);
  CHECK(reader->wait().code == ec::cancelled);
  CHECK_FALSE(reader->was_told_after_end());
}
