#include "tests/integration/net/support/recorder.hpp"
#include "tests/integration/net/support/scripted_server.hpp"

#include <catch2/catch.hpp>

using namespace opr;
using namespace opr::test;
using namespace std::chrono_literals;

namespace {

struct fixture : client_fixture {
  net::outgoing hasty = request();
  std::shared_ptr<recorder> reader = std::make_shared<recorder>();

  fixture() { hasty.deadline = opr::clock::now() + 100ms; }

  void check_in_time() {
    CHECK(reader->wait().code == ec::deadline_passed);
    auto late = opr::clock::now() - hasty.deadline;
    CHECK(late >= 0ms);
    CHECK(late < 3s);
    CHECK(reader->ends() == 1);
  }
};

} // namespace

TEST_CASE_METHOD(fixture, "a deadline ends a connect that nobody answers", "[net]") {
  net::address where;
  auto full = bind_free_port(where, 0);
  std::vector<std::shared_ptr<recorder>>
      crowd; // One of them fills the queue; the kernel ignores the SYNs of the rest.
  auto upstream = http->open(where);
  for (int i = 0; i < 5; ++i)
    upstream->send(hasty, crowd.emplace_back(std::make_shared<recorder>()));
  upstream->send(hasty, reader);
  check_in_time();
  for (auto& one : crowd)
    CHECK(one->wait().code == ec::deadline_passed);
}

TEST_CASE_METHOD(fixture,
                 "a connection that isn't made in its own time is a failed connect, long before the deadline",
                 "[net]") {
  net::address where;
  auto full = bind_free_port(where, 0);
  std::vector<std::shared_ptr<recorder>> crowd; // As above.
  auto upstream = http->open(where);
  hasty.deadline = opr::clock::now() + 20s;
  hasty.connect_limit = 100ms;
  for (int i = 0; i < 5; ++i)
    upstream->send(hasty, crowd.emplace_back(std::make_shared<recorder>()));
  CHECK(crowd.back()->wait().code == ec::connect_failed);
  CHECK(opr::clock::now() < hasty.deadline - 15s);
  upstream->close();
}

TEST_CASE_METHOD(fixture, "the limit of a connect ends with it, and the deadline goes on", "[net]") {
  scripted_server server([](peer& client) {
    client.request();
    client.read_to_end();
  });
  auto upstream = http->open(server.where());
  hasty.deadline = opr::clock::now() + 300ms;
  hasty.connect_limit = 50ms;
  upstream->send(hasty, reader);
  check_in_time();
}

TEST_CASE_METHOD(fixture, "a deadline ends the wait for an answer at any stage and closes the connection",
                 "[net]") {
  auto sent = GENERATE("", "HTTP/1.1 200", "HTTP/1.1 100 Continue\r\n\r\n",
                       "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello", "HTTP/1.1 200 OK\r\n\r\nhello");
  CAPTURE(sent);
  {
    scripted_server server([&](peer& client) {
      client.request();
      client.send(sent);
      CHECK(client.read_to_end().empty());
    });
    auto upstream = http->open(server.where());
    upstream->send(hasty, reader);
    check_in_time();
  }
}

TEST_CASE_METHOD(fixture, "a deadline ends a call that its reader has paused", "[net]") {
  scripted_server server([&](peer& client) {
    client.request();
    client.send(ok("hello"));
    client.read_to_end();
  });
  reader->on_piece = [](std::string_view) { return net::flow::pause; };
  auto upstream = http->open(server.where());
  upstream->send(hasty, reader);
  check_in_time();
  CHECK(reader->body() == "hello");
}

TEST_CASE_METHOD(fixture, "a deadline ends a request that the server doesn't read", "[net]") {
  std::string body(50'000'000, 'x');
  net::address where;
  auto silent = bind_free_port(where, 10); // Connects, but nobody accepts.
  auto upstream = http->open(where);
  hasty.body = body;
  upstream->send(hasty, reader);
  check_in_time();
}

TEST_CASE_METHOD(fixture, "a request whose deadline has passed is not sent", "[net]") {
  scripted_server server([](peer& client) { client.request(); });
  auto upstream = http->open(server.where());
  hasty.deadline = opr::clock::now() - 1ms;
  upstream->send(hasty, reader);
  CHECK(reader->wait().code == ec::deadline_passed);
  CHECK(server.connections() == 0);
}

TEST_CASE_METHOD(fixture, "deadlines in any order are kept, each exactly", "[net]") {
  net::address where;
  auto silent = bind_free_port(where, 100);
  auto upstream = http->open(where);
  struct timed {
    std::shared_ptr<recorder> reader = std::make_shared<recorder>();
    time_point due, ended;
  };
  std::vector<timed> calls(50);
  auto begin = opr::clock::now() + 50ms;
  for (size_t i = 0; i < calls.size(); ++i) {
    auto& one = calls[i];
    one.due = hasty.deadline = begin + std::chrono::milliseconds(i * 37 % calls.size() * 4);
    one.reader->on_end = [&one] { one.ended = opr::clock::now(); };
    upstream->send(hasty, one.reader);
  }
  for (auto& one : calls) {
    CHECK(one.reader->wait().code == ec::deadline_passed);
    CHECK(one.ended >= one.due);
    CHECK(one.ended - one.due < 3s);
  }
}

TEST_CASE_METHOD(fixture, "a call without a deadline outlives those that have one", "[net]") {
  scripted_server server([&](peer& client) {
    auto request = client.request();
    if (request.find("/patient") == std::string::npos)
      client.read_to_end();
    reader->wait();
    client.send(ok("at last"));
  });
  auto upstream = http->open(server.where());
  auto patient = std::make_shared<recorder>();
  net::outgoing what;
  what.target = "/patient";
  upstream->send(what, patient);
  upstream->send(hasty, reader);
  CHECK(patient->wait().code == ec::none);
}
