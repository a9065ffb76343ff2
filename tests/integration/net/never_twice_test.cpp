#include "tests/integration/net/support/recorder.hpp"
#include "tests/integration/net/support/scripted_server.hpp"

#include <catch2/catch.hpp>

#include <map>

using namespace opr;
using namespace opr::test;
using namespace std::string_literals;

namespace {

/// How many requests of each target a server has seen.
class tally {
public:
  int count(const std::string& request) {
    std::lock_guard lock(mutex_);
    return ++seen_[request.substr(0, request.find(" HTTP/"))];
  }
  int highest() const {
    std::lock_guard lock(mutex_);
    int most = 0;
    for (const auto& [target, times] : seen_)
      most = std::max(most, times);
    return most;
  }
  size_t size() const {
    std::lock_guard lock(mutex_);
    return seen_.size();
  }

private:
  mutable std::mutex mutex_;
  std::map<std::string, int> seen_;
};

net::outgoing numbered(int number) {
  auto what = client_fixture::request("body");
  what.target = "/" + std::to_string(number);
  return what;
}

} // namespace

TEST_CASE_METHOD(client_fixture, "a request is not sent again, wherever its connection breaks", "[net]") {
  auto stage = GENERATE("at once"s, "in the request"s, "after the request"s, "in the head"s, "in the body"s);
  auto by_reset = GENERATE(false, true);
  CAPTURE(stage, by_reset);
  tally seen;
  scripted_server server([&](peer& client) {
    if (stage == "in the request")
      client.read_until("POST");
    else if (stage != "at once")
      seen.count(client.request());
    if (stage == "in the head" || stage == "in the body")
      client.send("HTTP/1.1 200 OK\r\n");
    if (stage == "in the body")
      client.send("Content-Length: 5\r\n\r\nhel");
    if (by_reset)
      client.reset();
  });
  auto upstream = http->open(server.where());
  auto code = exchange(*upstream, numbered(1))->wait().code;
  if (stage == "at once")
    CHECK((code == ec::connection_broken || code == ec::connect_failed));
  else
    CHECK(code == ec::connection_broken);
  CHECK(seen.highest() <= 1);
  CHECK(server.connections() == 1);
}

TEST_CASE_METHOD(client_fixture, "a request is not sent again when a used connection breaks under it",
                 "[net]") {
  tally seen;
  scripted_server server([&](peer& client) {
    client.request();
    client.send(ok("first"));
    seen.count(client.request());
  });
  auto upstream = http->open(server.where());
  CHECK(exchange(*upstream)->body() == "first");
  CHECK(exchange(*upstream, numbered(1))->wait().code == ec::connection_broken);
  CHECK(seen.highest() == 1);
  CHECK(server.connections() == 1);
}

TEST_CASE_METHOD(client_fixture, "a server that closes at random sees no request twice", "[net]") {
  constexpr int calls = 2000;
  tally seen;
  scripted_server server([&](peer& client) {
    for (unsigned turn = 1;; ++turn) {
      seen.count(client.request());
      auto dice = (turn * 7 + static_cast<unsigned>(client.index()) * 13) % 11;
      if (dice == 0)
        return; // Without an answer.
      client.send(ok("x"));
      if (dice == 1)
        return; // The close meets the next request.
      if (dice == 2)
        return client.reset();
    }
  });
  auto upstream = http->open(server.where());
  std::vector<std::shared_ptr<recorder>> answers;
  int answered = 0;
  for (int i = 0; i < calls; ++i) {
    answers.push_back(std::make_shared<recorder>());
    upstream->send(numbered(i), answers.back());
    if (i >= 4)
      answers[static_cast<size_t>(i) - 4]->wait(); // A few at a time.
  }
  for (auto& one : answers) {
    auto code = one->wait().code;
    CHECK((code == ec::none || code == ec::connection_broken || code == ec::connect_failed));
    CHECK(one->ends() == 1);
    answered += code == ec::none ? 1 : 0;
  }
  CHECK(seen.highest() == 1);
  CHECK(answered > calls / 2);
}
