#include "net/loop/deadline.hpp"

#include <catch2/catch.hpp>

#include <functional>
#include <string>

using namespace opr;
using namespace opr::net;
using std::chrono::milliseconds;

namespace {

struct fixture {
  struct named final : deadline {
    named(fixture& owner, char name) : owner_(owner), name_(name) {}
    void on_deadline() override {
      owner_.told += name_;
      if (then)
        then();
    }
    std::function<void()> then;

  private:
    fixture& owner_;
    char name_;
  };

  std::string told;
  deadline_queue queue;
  time_point now{milliseconds(1000)};
  named a{*this, 'a'}, b{*this, 'b'}, c{*this, 'c'};
};

} // namespace

TEST_CASE_METHOD(fixture, "deadlines are told in their order, and only those that are due", "[net]") {
  queue.set(a, now + milliseconds(3));
  queue.set(b, now + milliseconds(1));
  queue.set(c, now + milliseconds(2));
  CHECK(queue.next() == now + milliseconds(1));
  queue.tell_due(now);
  CHECK(told.empty());
  queue.tell_due(now + milliseconds(2));
  CHECK(told == "bc");
  CHECK(queue.next() == now + milliseconds(3));
}

TEST_CASE_METHOD(fixture, "deadlines of one moment are told in the order in which they were set", "[net]") {
  queue.set(b, now);
  queue.set(a, now);
  queue.set(c, now);
  queue.tell_due(now);
  CHECK(told == "bac");
  CHECK(queue.next() == time_point::max());
}

TEST_CASE_METHOD(fixture, "a deadline taken back, or whose owner is gone, is not told", "[net]") {
  queue.set(a, now);
  {
    named gone(*this, 'x');
    queue.set(gone, now);
  }
  a.take_back();
  a.take_back();
  queue.tell_due(now);
  CHECK(told.empty());
}

TEST_CASE_METHOD(fixture, "setting a deadline again moves it", "[net]") {
  queue.set(a, now);
  queue.set(a, now + milliseconds(5));
  queue.tell_due(now);
  CHECK(told.empty());
  queue.tell_due(now + milliseconds(5));
  CHECK(told == "a");
}

TEST_CASE_METHOD(fixture, "one that is told may take back another and set itself again", "[net]") {
  queue.set(a, now);
  queue.set(b, now);
  a.then = [&] {
    b.take_back();
    queue.set(a, now + milliseconds(1));
  };
  queue.tell_due(now);
  CHECK(told == "a");
  CHECK(queue.next() == now + milliseconds(1));
}
