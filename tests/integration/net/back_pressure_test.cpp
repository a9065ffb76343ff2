#include "tests/integration/net/support/recorder.hpp"
#include "tests/integration/net/support/scripted_server.hpp"

#include <catch2/catch.hpp>

#include <future>

using namespace opr;
using namespace opr::test;
using namespace std::chrono_literals;
using net::flow;

namespace {

constexpr size_t answer_size = 60'000'000;
/// What the kernel holds in its buffers on both sides, generously.
constexpr size_t kernel_buffers = 20'000'000;

} // namespace

TEST_CASE_METHOD(client_fixture, "a reader that pauses stops the server, and gets all when it resumes",
                 "[net]") {
  std::promise<size_t> stuck_at;
  scripted_server server([&](peer& client) {
    client.request();
    client.send("HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(answer_size) + "\r\n\r\n");
    auto sent = client.send_until_stuck(answer_size);
    stuck_at.set_value(sent);
    client.send(std::string(answer_size - sent, 'x'));
  });
  auto reader = std::make_shared<recorder>();
  reader->on_piece = [first = true](std::string_view) mutable {
    return std::exchange(first, false) ? flow::pause : flow::more;
  };
  auto upstream = http->open(server.where());
  auto call = upstream->send(request(), reader);
  auto stuck = stuck_at.get_future();
  REQUIRE(stuck.wait_for(patience) == std::future_status::ready);
  CHECK(stuck.get() < kernel_buffers);
  CHECK(reader->body().size() <= 64 * 1024);
  CHECK_FALSE(reader->is_done());
  call->resume();
  CHECK(reader->wait().code == ec::none);
  CHECK(reader->body().size() == answer_size);
}

TEST_CASE_METHOD(client_fixture, "an answer is read to its end by one resume after another", "[net]") {
  std::string body(3'000'000, 'y');
  auto chunked = GENERATE(false, true);
  scripted_server server([&](peer& client) {
    for (;;) {
      client.request();
      if (!chunked) {
        client.send(ok(body));
        continue;
      }
      client.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
      for (size_t at = 0; at < body.size(); at += 10'000)
        client.send("2710\r\n" + body.substr(at, 10'000) + "\r\n");
      client.send("0\r\n\r\n");
    }
  });
  auto upstream = http->open(server.where());
  for (int i = 0; i < 2; ++i) {
    auto reader = std::make_shared<recorder>();
    std::promise<std::shared_ptr<net::call>> sent;
    // Sometimes resumed before the pause is even said, as it is when another thread is faster.
    reader->on_piece = [running = sent.get_future().share()](std::string_view) {
      running.get()->resume();
      return flow::pause;
    };
    sent.set_value(upstream->send(request(), reader));
    CHECK(reader->wait().code == ec::none);
    CHECK((reader->body() == body));
  }
  CHECK(server.connections() == 1);
}

TEST_CASE_METHOD(client_fixture, "a pause at the last byte holds the end back", "[net]") {
  scripted_server server([](peer& client) {
    client.request();
    client.send(ok("hello"));
    client.read_to_end();
  });
  scripted_server other([](peer& client) {
    client.request();
    client.send(ok("hello"));
  });
  auto reader = std::make_shared<recorder>();
  reader->on_piece = [](std::string_view) { return flow::pause; };
  auto upstream = http->open(server.where());
  auto call = upstream->send(request(), reader);
  reader->wait_for_body(5);
  CHECK(exchange(*http->open(other.where()))->wait().code == ec::none); // Time enough to say it wrongly.
  CHECK_FALSE(reader->is_done());
  call->resume();
  CHECK(reader->wait().code == ec::none);
}
