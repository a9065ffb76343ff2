#include "net/http_client.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace opr;
using namespace opr::net;

namespace {

struct fixture {
  failure why;
  whole_response answer;
  int calls = 0;
  std::shared_ptr<response_reader> reader = collect(10, [this](failure told, whole_response&& whole) {
    why = std::move(told);
    answer = std::move(whole);
    ++calls;
  });
};

} // namespace

TEST_CASE_METHOD(fixture, "an answer is collected from its pieces", "[net]") {
  reader->on_head({201, {{"a", "b"}}});
  CHECK(reader->on_body("hello") == flow::more);
  CHECK(reader->on_body("world") == flow::more);
  reader->on_done({ec::none, {}});
  CHECK(calls == 1);
  CHECK(why.code == ec::none);
  CHECK(answer.head.status == 201);
  CHECK(answer.body == "helloworld");
}

TEST_CASE_METHOD(fixture, "an answer above the limit is given up at once", "[net]") {
  reader->on_head({200, {}});
  CHECK(reader->on_body("hello") == flow::more);
  CHECK(reader->on_body("world!") == flow::stop);
  reader->on_done({ec::cancelled, {}});
  CHECK(why.code == ec::answer_too_large);
  CHECK(why.detail.find("10") != std::string::npos);
}

TEST_CASE_METHOD(fixture, "a failure is passed on", "[net]") {
  reader->on_done({ec::connect_failed, "refused"});
  CHECK(why.code == ec::connect_failed);
  CHECK(why.detail == "refused");
}

TEST_CASE("what the callback of a collector holds is released with the end of the call", "[net]") {
  auto held = std::make_shared<int>(1);
  auto reader = collect(10, [held](const failure&, whole_response&&) {});
  reader->on_done({ec::none, {}});
  CHECK(held.use_count() == 1);
}
