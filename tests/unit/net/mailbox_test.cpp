#include "net/loop/mailbox.hpp"

#include <catch2/catch.hpp>

#include <functional>

using namespace opr::net;

namespace {

struct listener final : addressee {
  using addressee::addressee;
  void on_signals(unsigned bits) override {
    heard.push_back(bits);
    if (then)
      then();
  }
  std::vector<unsigned> heard;
  std::function<void()> then;
};

struct fixture {
  boost::asio::io_context context;
  std::shared_ptr<mailbox> box = std::make_shared<mailbox>(context);
  std::shared_ptr<listener> one = std::make_shared<listener>(box);
  std::shared_ptr<listener> other = std::make_shared<listener>(box);
};

} // namespace

TEST_CASE_METHOD(fixture, "signals wait for the I/O thread and are handled together", "[net]") {
  CHECK(one->signal(1));
  CHECK(one->signal(4));
  CHECK(one->heard.empty());
  context.poll();
  CHECK(one->heard == std::vector<unsigned>{5});
}

TEST_CASE_METHOD(fixture, "a batch costs one wake-up", "[net]") {
  one->signal(1);
  other->signal(1);
  CHECK(context.poll() == 1);
  CHECK(other->heard.size() == 1);
}

TEST_CASE_METHOD(fixture, "a signal sent while handling one is handled in another turn", "[net]") {
  one->then = [&] {
    one->then = nullptr;
    one->signal(2);
    other->signal(8);
  };
  one->signal(1);
  context.poll();
  CHECK(one->heard == std::vector<unsigned>{1, 2});
  CHECK(other->heard == std::vector<unsigned>{8});
}

TEST_CASE_METHOD(fixture, "closing handles what waits and refuses what comes later", "[net]") {
  one->signal(1);
  box->close();
  CHECK(one->heard == std::vector<unsigned>{1});
  CHECK_FALSE(other->signal(1));
}

TEST_CASE_METHOD(fixture, "an addressee stays until its turn and no longer", "[net]") {
  std::weak_ptr<listener> gone = other;
  other->signal(1);
  other.reset();
  CHECK_FALSE(gone.expired());
  context.poll();
  CHECK(gone.expired());
}
