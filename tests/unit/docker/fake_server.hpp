#pragma once

#include "docker/http_engine.hpp"

#include <catch2/catch.hpp>

#include <deque>
#include <memory>
#include <string>
#include <utility>

namespace opr::docker {

/// A call that the test answers, piece by piece and on the test's own thread.
class fake_call final : public net::call, public std::enable_shared_from_this<fake_call> {
public:
  fake_call(net::outgoing request, std::shared_ptr<net::response_reader> reader)
      : target(request.target), method(request.method), body(request.body), headers(request.headers),
        deadline(request.deadline), reader_(std::move(reader)) {}

  void cancel() override { end({ec::cancelled, "cancelled"}); }
  void resume() override {}

  fake_call& head(int status) {
    if (reader_)
      reader_->on_head({status, {}});
    return *this;
  }
  fake_call& piece(std::string_view bytes) {
    if (reader_ && !bytes.empty() && reader_->on_body(bytes) == net::flow::stop)
      cancel();
    return *this;
  }
  void end(failure why = {ec::none, {}}) {
    auto keep = shared_from_this();
    if (auto reader = std::exchange(reader_, nullptr))
      reader->on_done(std::move(why));
  }
  void answer(int status, std::string_view bytes) { head(status).piece(bytes).end(); }
  bool over() const { return reader_ == nullptr; }

  const std::string target;
  const std::string method;
  const std::string body;
  const header_list headers;
  const time_point deadline;

private:
  std::shared_ptr<net::response_reader> reader_;
};

/// Stands for the connections to an Engine: keeps each call until the test answers it.
class fake_server final : public net::http_client {
public:
  std::shared_ptr<net::upstream> open(net::address) override { return std::make_shared<pool>(calls_); }

  /// The oldest call that the test hasn't seen yet.
  std::shared_ptr<fake_call> next() {
    REQUIRE_FALSE(calls_->empty());
    auto call = calls_->front();
    calls_->pop_front();
    return call;
  }
  bool idle() const { return calls_->empty(); }

private:
  using queue = std::deque<std::shared_ptr<fake_call>>;

  struct pool final : net::upstream {
    explicit pool(std::shared_ptr<queue> to) : calls(std::move(to)) {}
    std::shared_ptr<net::call> send(net::outgoing request,
                                    std::shared_ptr<net::response_reader> reader) override {
      return calls->emplace_back(std::make_shared<fake_call>(std::move(request), std::move(reader)));
    }
    void close() override {
      auto left = std::exchange(*calls, {});
      for (auto& call : left)
        call->cancel();
    }
    std::shared_ptr<queue> calls;
  };

  std::shared_ptr<queue> calls_ = std::make_shared<queue>();
};

/// An engine on a fake server, and a place for one outcome.
template <class T>
class outcome {
public:
  then<T> take() {
    return [this](result<T> value) {
      ++times;
      last_ = std::make_unique<result<T>>(std::move(value));
    };
  }
  const T& value() const {
    REQUIRE(times == 1);
    REQUIRE(*last_);
    return **last_;
  }
  const failure& error() const {
    REQUIRE(times == 1);
    REQUIRE_FALSE(*last_);
    return last_->error();
  }

  int times = 0;

private:
  std::unique_ptr<result<T>> last_;
};

struct fake_engine {
  fake_server server;
  std::unique_ptr<engine> docker = make_http_engine(server, {"/run/docker.sock", {}, 0});
  time_point deadline = time_point(std::chrono::seconds(1000));
};

} // namespace opr::docker
