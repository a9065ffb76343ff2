#include "net/loop/loop.hpp"
#include "tests/integration/net/support/recorder.hpp"
#include "tests/integration/net/support/scripted_server.hpp"
#include "tests/support/eventually.hpp"

#include <boost/asio/post.hpp>
#include <catch2/catch.hpp>

#include <future>
#include <sys/socket.h>
#include <thread>

using namespace opr;
using namespace opr::test;

namespace {

/// Answers each request with its own target.
void echo_target(peer& client) {
  for (;;) {
    auto request = client.request();
    client.send(ok(request.substr(4, request.find(" HTTP/") - 4)));
  }
}

} // namespace

TEST_CASE_METHOD(client_fixture, "200 calls at a time from several threads get their own answers", "[net]") {
  constexpr int threads = 8;
  constexpr int calls_per_thread = 25;
  constexpr int rounds = 8;
  scripted_server server(echo_target);
  auto upstream = http->open(server.where());
  std::atomic<int> right{0};
  auto work = [&](int thread) {
    for (int round = 0; round < rounds; ++round) {
      std::vector<std::pair<std::string, std::shared_ptr<recorder>>> calls;
      for (int i = 0; i < calls_per_thread; ++i) {
        auto what = request();
        what.target = "/" + std::to_string(thread) + "/" + std::to_string(round) + "/" + std::to_string(i);
        calls.emplace_back(what.target, std::make_shared<recorder>());
        upstream->send(what, calls.back().second);
      }
      for (auto& [target, reader] : calls)
        right += reader->wait().code == ec::none && reader->body() == target && reader->ends() == 1 ? 1 : 0;
    }
  };
  std::vector<std::thread> workers;
  workers.reserve(threads);
  for (int i = 0; i < threads; ++i)
    workers.emplace_back(work, i);
  for (auto& one : workers)
    one.join();
  CHECK(right == threads * calls_per_thread * rounds);
  CHECK(server.connections() < threads * calls_per_thread * rounds / 2); // They are used again.
}

TEST_CASE_METHOD(client_fixture, "a thousand connections at once are served and closed again", "[net]") {
  constexpr size_t count = 1000;
  auto before = open_descriptors();
  {
    net::address where;
    auto listener = bind_free_port(where, 2000);
    auto upstream = http->open(where);
    std::vector<std::shared_ptr<recorder>> calls(count);
    std::vector<descriptor> accepted;
    for (auto& one : calls)
      upstream->send(request(), one = std::make_shared<recorder>());
    for (size_t i = 0; i < count; ++i)
      accepted.emplace_back(accept(listener.get(), nullptr, nullptr), "accept");
    CHECK(open_descriptors() >= before + 2 * count);
    auto answer = ok("x");
    for (auto& one : accepted)
      CHECK(send(one.get(), answer.data(), answer.size(), MSG_NOSIGNAL) ==
            static_cast<ssize_t>(answer.size()));
    for (auto& one : calls)
      REQUIRE(one->wait().code == ec::none);
  }
  io.stop();
  CHECK(eventually([&] { return open_descriptors() <= before; }));
}

TEST_CASE_METHOD(client_fixture, "an answer that comes together with the connection is not lost", "[net]") {
  net::address where;
  auto listener = bind_free_port(where, 1);
  auto upstream = http->open(where);
  auto reader = std::make_shared<recorder>();
  std::promise<void> answered;
  upstream->send(request(), reader);
  boost::asio::post(io.shared().context, [&] { answered.get_future().wait(); });
  descriptor client(accept(listener.get(), nullptr, nullptr), "accept");
  auto answer = ok("x");
  CHECK(send(client.get(), answer.data(), answer.size(), MSG_NOSIGNAL) ==
        static_cast<ssize_t>(answer.size()));
  answered.set_value();
  CHECK(reader->wait().code == ec::none);
}

TEST_CASE_METHOD(client_fixture, "a call that never ends doesn't hold up the others", "[net]") {
  scripted_server server([](peer& client) {
    auto first = client.request();
    if (first.find("/flood") == std::string::npos) {
      client.send(ok("x"));
      return echo_target(client);
    }
    client.send("HTTP/1.1 200 OK\r\n\r\n");
    for (;;)
      client.send(std::string(1'000'000, 'x'));
  });
  auto upstream = http->open(server.where());
  struct drain final : net::response_reader {
    void on_head(net::response_head&&) override {}
    net::flow on_body(std::string_view) override { return net::flow::more; }
    void on_done(failure) override {}
  };
  auto flood = request();
  flood.target = "/flood";
  upstream->send(flood, std::make_shared<drain>());
  for (int i = 0; i < 200; ++i)
    REQUIRE(exchange(*upstream)->wait().code == ec::none);
}

TEST_CASE_METHOD(client_fixture, "no descriptor stays whatever way a call ends", "[net]") {
  scripted_server server([](peer& client) {
    auto request = client.request();
    if (request.find("/cut") != std::string::npos)
      return;
    if (request.find("/garbage") != std::string::npos)
      client.send("garbage\r\n\r\n");
    if (request.find("/close") != std::string::npos)
      client.send("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
    client.read_to_end();
  });
  net::address nobody;
  auto bound = bind_free_port(nobody, -1);
  auto upstream = http->open(server.where());
  auto refusing = http->open(nobody);
  auto before = open_descriptors();
  for (int i = 0; i < 20; ++i) {
    for (const auto* target : {"/cut", "/garbage", "/close"}) {
      auto what = request();
      what.target = target;
      exchange(*upstream, what);
    }
    CHECK(exchange(*refusing)->wait().code == ec::connect_failed);
    auto hasty = request();
    hasty.deadline = opr::clock::now() + std::chrono::milliseconds(5);
    exchange(*upstream, hasty);
    auto reader = std::make_shared<recorder>();
    upstream->send(request(), reader)->cancel();
    reader->wait();
  }
  io.stop();
  // The I/O thread has given up all of its own; the server's side of the last ones closes when its scripts
  // notice.
  CHECK(eventually([&] { return open_descriptors() <= before; }));
}
