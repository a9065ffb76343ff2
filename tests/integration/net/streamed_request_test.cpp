#include "tests/integration/net/support/recorder.hpp"
#include "tests/integration/net/support/scripted_server.hpp"

#include <catch2/catch.hpp>

#include <condition_variable>
#include <future>
#include <mutex>
#include <thread>

using namespace opr;
using namespace opr::test;
using namespace std::chrono_literals;

namespace {

/// Hands pieces out at once, from the I/O thread.
class list_source final : public net::body_source {
public:
  explicit list_source(std::vector<std::string> pieces) : pieces_(std::move(pieces)) {}
  void pull(std::function<void(std::string)> ready) override {
    CHECK(++waiting_ == 1);
    auto piece = next_ < pieces_.size() ? pieces_[next_++] : std::string();
    --waiting_;
    ready(std::move(piece));
  }
  size_t pulled() const { return next_; }

private:
  std::atomic<int> waiting_{0};
  std::atomic<size_t> next_{0};
  const std::vector<std::string> pieces_;
};

/// Keeps each question for another thread to answer.
class patient_source final : public net::body_source {
public:
  using answer = std::function<void(std::string)>;

  void pull(answer ready) override {
    std::lock_guard lock(mutex_);
    question_ = std::move(ready);
    changed_.notify_all();
  }
  /// Waits until a piece is asked for. @returns What wants to be called with it.
  answer take_question() {
    std::unique_lock lock(mutex_);
    REQUIRE(changed_.wait_for(lock, patience, [this] { return question_ != nullptr; }));
    return std::exchange(question_, nullptr);
  }
  void give(std::string piece) { take_question()(std::move(piece)); }

private:
  std::mutex mutex_;
  std::condition_variable changed_;
  answer question_;
};

net::outgoing upload(std::shared_ptr<net::body_source> source) {
  auto what = client_fixture::request();
  what.method = "POST";
  what.stream = std::move(source);
  return what;
}

} // namespace

TEST_CASE_METHOD(client_fixture, "a streamed body arrives in chunks, and the connection serves on", "[net]") {
  scripted_server server([](peer& client) {
    for (;;) {
      auto request = client.request();
      client.send(ok(request.substr(request.find("\r\n\r\n") + 4)));
    }
  });
  auto upstream = http->open(server.where());
  for (int i = 0; i < 2; ++i) {
    auto answer = exchange(
        *upstream, upload(std::make_shared<list_source>(std::vector<std::string>{"hello", "world!"})));
    CHECK(answer->wait().code == ec::none);
    CHECK(answer->body() == "5\r\nhello\r\n6\r\nworld!\r\n0\r\n\r\n");
  }
  CHECK(exchange(*upstream, upload(std::make_shared<list_source>(std::vector<std::string>{})))->body() ==
        "0\r\n\r\n");
  CHECK(server.connections() == 1);
}

TEST_CASE_METHOD(client_fixture, "a streamed body whose length is told is sent as it is", "[net]") {
  scripted_server server([](peer& client) {
    for (;;) {
      auto request = client.request();
      client.send(ok(request.substr(request.find("\r\n\r\n") + 4)));
    }
  });
  auto upstream = http->open(server.where());
  for (const auto& pieces : {std::vector<std::string>{"hello", "world!"}, std::vector<std::string>{}}) {
    auto what = upload(std::make_shared<list_source>(pieces));
    what.stream_length = pieces.empty() ? 0 : 11;
    auto answer = exchange(*upstream, what);
    CHECK(answer->wait().code == ec::none);
    CHECK(answer->body() == (pieces.empty() ? "" : "helloworld!"));
  }
  CHECK(server.connections() == 1);
}

TEST_CASE_METHOD(client_fixture, "a streamed body that isn't as long as it was said to be ends its call",
                 "[net]") {
  scripted_server server([](peer& client) { client.read_to_end(); });
  auto upstream = http->open(server.where());
  auto what = upload(std::make_shared<list_source>(std::vector<std::string>{"hello", "world!"}));
  what.stream_length = GENERATE(4, 10, 12);
  CHECK(exchange(*upstream, what)->wait().code == ec::cancelled);
}

TEST_CASE_METHOD(client_fixture, "pieces from another thread go out as they come", "[net]") {
  std::promise<void> first_arrived;
  scripted_server server([&](peer& client) {
    client.read_until("3\r\none\r\n");
    first_arrived.set_value();
    client.read_until("3\r\ntwo\r\n0\r\n\r\n");
    client.send(ok("thanks"));
  });
  auto source = std::make_shared<patient_source>();
  auto reader = std::make_shared<recorder>();
  auto upstream = http->open(server.where());
  upstream->send(upload(source), reader);
  source->give("one");
  REQUIRE(first_arrived.get_future().wait_for(patience) == std::future_status::ready);
  source->give("two");
  source->give("");
  CHECK(reader->wait().code == ec::none);
}

TEST_CASE_METHOD(client_fixture, "a server that doesn't read stops the source", "[net]") {
  net::address where;
  auto silent = bind_free_port(where, 10);
  auto source = std::make_shared<list_source>(std::vector<std::string>(2000, std::string(100'000, 'x')));
  auto what = upload(source);
  what.deadline = opr::clock::now() + 500ms;
  CHECK(exchange(*http->open(where), what)->wait().code == ec::deadline_passed);
  CHECK(source->pulled() < 200);
  CHECK(source.use_count() == 2); // `source` and `what`: the call has let go of it.
}

TEST_CASE_METHOD(client_fixture,
                 "an answer that comes before the body is sent ends the call, not another one", "[net]") {
  scripted_server server([](peer& client) {
    client.read_until("\r\n\r\n");
    client.send("HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno");
    client.read_to_end();
  });
  auto upstream = http->open(server.where());
  for (int i = 0; i < 2; ++i) {
    auto answer = exchange(*upstream, upload(std::make_shared<patient_source>()));
    CHECK(answer->wait().code == ec::none);
    CHECK(answer->status() == 413);
    CHECK(answer->body() == "no");
  }
  CHECK(server.connections() == 2); // Half a request was under way on the first.
}

TEST_CASE_METHOD(client_fixture, "a server may answer a large body early and hang up", "[net]") {
  std::string body(50'000'000, 'x');
  scripted_server server([](peer& client) {
    client.read_until("\r\n\r\n");
    client.send("HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno");
    client.close(); // With unread bytes: an RST follows the answer.
  });
  auto upstream = http->open(server.where());
  for (int i = 0; i < 20; ++i) {
    auto answer = exchange(*upstream, request(body));
    auto code = answer->wait().code;
    // The RST may overtake the answer; a call that knows nothing better says so.
    CHECK((code == ec::connection_broken || (code == ec::none && answer->status() == 413)));
  }
}

TEST_CASE_METHOD(client_fixture, "an answer streams while its request does", "[net]") {
  scripted_server server([](peer& client) {
    client.read_until("\r\n\r\n");
    client.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    for (int i = 0; i < 3; ++i) {
      client.read_until("4\r\nping\r\n");
      client.send("4\r\npong\r\n");
    }
    client.read_until("0\r\n\r\n");
    client.send("0\r\n\r\n");
  });
  auto source = std::make_shared<patient_source>();
  auto reader = std::make_shared<recorder>();
  auto upstream = http->open(server.where());
  upstream->send(upload(source), reader);
  for (size_t i = 1; i <= 3; ++i) {
    source->give("ping");
    reader->wait_for_body(4 * i);
  }
  source->give("");
  CHECK(reader->wait().code == ec::none);
  CHECK(reader->body() == "pongpongpong");
}

TEST_CASE_METHOD(client_fixture, "a piece that comes after the call's end is ignored", "[net]") {
  scripted_server server([](peer& client) { client.read_to_end(); });
  auto source = std::make_shared<patient_source>();
  auto reader = std::make_shared<recorder>();
  auto upstream = http->open(server.where());
  auto call = upstream->send(upload(source), reader);
  auto question = source->take_question();
  call->cancel();
  CHECK(reader->wait().code == ec::cancelled);
  question("late");
  CHECK(reader->ends() == 1);
}
