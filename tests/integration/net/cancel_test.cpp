#include "tests/integration/net/support/recorder.hpp"
#include "tests/integration/net/support/scripted_server.hpp"

#include <catch2/catch.hpp>

#include <future>
#include <thread>

using namespace opr;
using namespace opr::test;
using net::flow;

namespace {

struct fixture : client_fixture {
  std::shared_ptr<recorder> reader = std::make_shared<recorder>();
  std::shared_ptr<net::call> call;

  void check_cancelled() {
    CHECK(reader->wait().code == ec::cancelled);
    CHECK(reader->ends() == 1);
    CHECK_FALSE(reader->was_told_after_end());
  }
};

} // namespace

TEST_CASE_METHOD(fixture, "a call is cancelled before it has connected", "[net]") {
  net::address where;
  auto full = bind_free_port(where, 0);
  auto upstream = http->open(where);
  std::vector<std::shared_ptr<net::call>> crowd;
  for (int i = 0; i < 4; ++i)
    crowd.push_back(upstream->send(request(), std::make_shared<recorder>()));
  call = upstream->send(request(), reader);
  call->cancel();
  check_cancelled();
}

TEST_CASE_METHOD(fixture, "a call is cancelled while its server's name is looked up", "[net]") {
  auto upstream = http->open({"", "no-such-host.invalid", 80});
  call = upstream->send(request(), reader);
  call->cancel();
  auto code = reader->wait().code;
  CHECK((code == ec::cancelled || code == ec::connect_failed)); // The resolver may have been faster.
  CHECK(reader->ends() == 1);
}

TEST_CASE_METHOD(fixture, "a call is cancelled at any stage of its answer, and the server sees the close",
                 "[net]") {
  auto stage = GENERATE(0, 1, 2);
  CAPTURE(stage);
  std::atomic<bool> seen_request{false};
  {
    scripted_server server([&](peer& client) {
      client.request();
      seen_request = true;
      if (stage >= 1)
        client.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n");
      if (stage == 2)
        client.send("hello");
      client.read_to_end();
    });
    auto upstream = http->open(server.where());
    call = upstream->send(request(), reader);
    if (stage == 1)
      reader->wait_for_head();
    if (stage == 2)
      reader->wait_for_body(5);
    call->cancel();
    check_cancelled();
    CHECK((stage == 0 || seen_request));
  }
}

TEST_CASE_METHOD(fixture, "a paused call is cancelled", "[net]") {
  scripted_server server([](peer& client) {
    client.request();
    client.send(ok("hello"));
    client.read_to_end();
  });
  reader->on_piece = [](std::string_view) { return flow::pause; };
  auto upstream = http->open(server.where());
  call = upstream->send(request(), reader);
  reader->wait_for_body(5);
  call->cancel();
  check_cancelled();
}

TEST_CASE_METHOD(fixture, "after a cancel in a reader's call only the end follows", "[net]") {
  auto in_head = GENERATE(true, false);
  auto answer =
      GENERATE(as<std::string>(), ok("hello"), "HTTP/1.1 204 No Content\r\n\r\n",
               "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n1\r\nb\r\n0\r\n\r\n");
  auto is_empty = answer.find("204") != std::string::npos;
  if (!in_head && is_empty)
    return; // Nobody is told of a body.
  scripted_server server([&](peer& client) {
    client.request();
    client.send(answer);
    client.read_to_end();
  });
  auto upstream = http->open(server.where());
  std::promise<std::shared_ptr<net::call>> sent;
  auto cancel = [running = sent.get_future().share()] { running.get()->cancel(); };
  if (in_head)
    reader->on_head_told = cancel;
  reader->on_piece = [&](std::string_view) {
    cancel();
    return flow::more;
  };
  sent.set_value(upstream->send(request(), reader));
  check_cancelled();
  CHECK(reader->body() == (in_head || is_empty ? "" : answer == ok("hello") ? "hello" : "a"));
}

TEST_CASE_METHOD(fixture, "cancelling or resuming what is over does nothing", "[net]") {
  scripted_server server([](peer& client) {
    for (;;) {
      client.request();
      client.send(ok("x"));
    }
  });
  auto upstream = http->open(server.where());
  call = upstream->send(request(), reader);
  CHECK(reader->wait().code == ec::none);
  call->cancel();
  call->resume();
  CHECK(exchange(*upstream)->wait().code == ec::none);
  CHECK(reader->ends() == 1);
  CHECK(server.connections() == 1);
}

TEST_CASE_METHOD(fixture, "a cancel that races with the answer leaves exactly one end", "[net]") {
  scripted_server server([](peer& client) {
    for (;;) {
      client.request();
      client.send(ok("x"));
    }
  });
  auto upstream = http->open(server.where());
  for (int i = 0; i < 500; ++i) {
    auto one = std::make_shared<recorder>();
    auto running = upstream->send(request(), one);
    std::thread canceller([&] {
      for (int spin = 0; spin < i; ++spin)
        std::atomic_signal_fence(std::memory_order_seq_cst);
      running->cancel();
      running->resume();
    });
    auto code = one->wait().code;
    canceller.join();
    REQUIRE((code == ec::none || code == ec::cancelled));
    REQUIRE(one->ends() == 1);
  }
  CHECK(exchange(*upstream)->wait().code == ec::none);
}
