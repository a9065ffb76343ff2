#include "tests/integration/net/support/recorder.hpp"
#include "tests/integration/net/support/scripted_server.hpp"
#include "tests/support/eventually.hpp"

#include <catch2/catch.hpp>

#include <optional>
#include <thread>

using namespace opr;
using namespace opr::test;

namespace {

/// Calls at every stage: looking up a name, connecting, sending, waiting, in the body, paused, and a resting
/// connection.
struct busy_client {
  scripted_server server{[](peer& client) {
    auto request = client.request();
    if (request.find("/rest") != std::string::npos)
      client.send(ok("x"));
    if (request.find("/body") != std::string::npos)
      client.send("HTTP/1.1 200 OK\r\n\r\nbody");
    client.read_to_end();
  }};
  net::address full_address;
  descriptor full = bind_free_port(full_address, 0);
  std::string large = std::string(50'000'000, 'x');

  std::optional<net::io_threads> io{std::in_place};
  std::unique_ptr<net::http_client> http = net::make_http_client(*io);
  std::shared_ptr<net::upstream> upstream = http->open(server.where());
  std::shared_ptr<net::upstream> stalled = http->open(full_address);
  std::shared_ptr<net::upstream> named = http->open({"", "no-such-host.invalid", 80});
  std::vector<std::shared_ptr<recorder>> readers;
  std::vector<std::shared_ptr<net::call>> calls;

  busy_client() {
    auto rest = client_fixture::request();
    rest.target = "/rest";
    exchange(*upstream, rest);
    for (int i = 0; i < 4; ++i)
      start(*stalled, {});
    start(*upstream, client_fixture::request(large));
    start(*upstream, {});
    auto body = client_fixture::request();
    body.target = "/body";
    start(*upstream, body)->wait_for_body(4);
    start(*upstream, body, net::flow::pause)->wait_for_body(4);
    start(*named, {});
  }

  std::shared_ptr<recorder> start(net::upstream& with, net::outgoing what,
                                  net::flow wants = net::flow::more) {
    auto& reader = readers.emplace_back(std::make_shared<recorder>());
    reader->on_piece = [wants](std::string_view) { return wants; };
    calls.push_back(with.send(std::move(what), reader));
    return reader;
  }

  void check_all_cancelled() {
    for (auto& one : readers) {
      auto code = one->wait().code;
      CHECK((code == ec::cancelled || (one == readers.back() && code == ec::connect_failed)));
      CHECK(one->ends() == 1);
      CHECK_FALSE(one->was_told_after_end());
    }
  }
};

} // namespace

TEST_CASE("stopping the I/O thread ends all calls at every stage", "[net]") {
  busy_client busy;
  busy.io->stop();
  for (auto& one : busy.readers)
    CHECK(one->is_done()); // When `stop` returns, not some time later.
  busy.check_all_cancelled();
  busy.io->stop();
}

TEST_CASE("closing an upstream ends its calls, later ones, and nobody else's", "[net]") {
  busy_client busy;
  busy.upstream->close();
  auto late = exchange(*busy.upstream);
  CHECK(late->wait().code == ec::cancelled);
  busy.upstream->close();
  CHECK_FALSE(busy.readers.front()->is_done());
  busy.stalled->close();
  busy.named->close();
  busy.check_all_cancelled();
}

TEST_CASE("client, upstreams and I/O thread may go in any order", "[net]") {
  auto before = open_descriptors();
  auto order = GENERATE(as<std::string>(), "cuti", "icut", "uict", "tiuc", "ictu");
  CAPTURE(order);
  {
    busy_client busy;
    for (auto step : order) {
      if (step == 'c')
        busy.http.reset();
      if (step == 'u')
        busy.upstream = busy.stalled = busy.named = nullptr;
      if (step == 't')
        busy.calls.clear();
      if (step == 'i')
        busy.io.reset();
    }
    busy.check_all_cancelled();
  }
  CHECK(eventually([&] { return open_descriptors() <= before; }));
}

TEST_CASE("a call sent after the I/O thread's end is cancelled at once", "[net]") {
  busy_client busy;
  busy.io.reset();
  auto reader = busy.start(*busy.upstream, {});
  CHECK(reader->is_done());
  CHECK(reader->wait().code == ec::cancelled);
  busy.upstream->close();
  for (auto& one : busy.calls) {
    one->cancel();
    one->resume();
  }
}

TEST_CASE("an upstream that is dropped lets its calls end by themselves", "[net]") {
  client_fixture with;
  scripted_server server([](peer& client) {
    client.request();
    client.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nhe");
    client.read_until("never");
  });
  auto reader = std::make_shared<recorder>();
  auto what = with.request();
  what.deadline = clock::now() + std::chrono::milliseconds(200);
  with.http->open(server.where())->send(what, reader);
  reader->wait_for_body(2);
  CHECK(reader->wait().code == ec::deadline_passed);
}

TEST_CASE("calls that threads send while the I/O thread stops all end once", "[net]") {
  for (int round = 0; round < 20; ++round) {
    scripted_server server([](peer& client) {
      for (;;) {
        client.request();
        client.send(ok("x"));
      }
    });
    std::optional<net::io_threads> io{std::in_place};
    auto http = net::make_http_client(*io);
    auto upstream = http->open(server.where());
    std::atomic<bool> stop{false};
    auto work = [&] {
      while (!stop) {
        auto reader = std::make_shared<recorder>();
        auto call = upstream->send(client_fixture::request(), reader);
        auto code = reader->wait().code;
        CHECK((code == ec::none || code == ec::cancelled));
        CHECK(reader->ends() == 1);
      }
    };
    std::thread one(work);
    std::thread other(work);
    exchange(*upstream);
    io.reset();
    stop = true;
    one.join();
    other.join();
  }
}
