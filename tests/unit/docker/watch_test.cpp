#include "fake_server.hpp"

#include <vector>

using namespace opr;
using namespace opr::docker;

namespace {

struct watch_fixture : fake_engine {
  int opened = 0;
  std::vector<container_event> events;
  std::vector<failure> ends;

  std::shared_ptr<operation> watch(int64_t since, const std::string& value = "host") {
    event_reader reader;
    reader.on_open = [this] { ++opened; };
    reader.on_event = [this](container_event&& event) { events.push_back(std::move(event)); };
    reader.on_end = [this](failure why) { ends.push_back(std::move(why)); };
    return docker->watch("executor", value, since, std::move(reader));
  }
};

const std::string two_events =
    R"({"Action":"start","Actor":{"ID":"a","Attributes":{"name":"x"}},"timeNano":5})"
    "\n"
    R"({"Action":"die","Actor":{"ID":"a","Attributes":{"exitCode":"1"}},"timeNano":6})"
    "\n";

} // namespace

TEST_CASE_METHOD(watch_fixture, "a subscription asks for containers of the label since the time",
                 "[docker]") {
  watch(1'700'000'000'000'000'001);
  auto call = server.next();
  CHECK(call->target ==
        "/v1.41/events?since=1700000000.000000001&filters="
        "%7B%22label%22%3A%5B%22executor%3Dhost%22%5D%2C%22type%22%3A%5B%22container%22%5D%7D");
  CHECK(call->deadline == time_point::max());
  CHECK(opened == 0);
  call->head(200);
  CHECK(opened == 1);
}

TEST_CASE_METHOD(watch_fixture, "events are the same wherever the stream is cut", "[docker]") {
  for (size_t cut = 0; cut <= two_events.size(); ++cut) {
    events.clear();
    watch(1);
    auto call = server.next();
    call->head(200).piece(two_events.substr(0, cut)).piece(two_events.substr(cut));
    REQUIRE(events.size() == 2);
    REQUIRE(events[0].action == "start");
    REQUIRE(events[1].attributes.at("exitCode") == "1");
    REQUIRE(events[1].time_nano == 6);
  }
}

TEST_CASE_METHOD(watch_fixture, "an Engine that goes away ends the subscription", "[docker]") {
  watch(1);
  auto code = GENERATE(ec::none, ec::connection_broken, ec::connect_failed);
  server.next()->head(200).end({code, ""});
  REQUIRE(ends.size() == 1);
  CHECK(ends[0].code == ec::engine_unreachable);
}

TEST_CASE_METHOD(watch_fixture, "a subscription ends when it is cancelled, and only once", "[docker]") {
  auto under_way = watch(1);
  server.next()->head(200);
  under_way->cancel();
  under_way->cancel();
  REQUIRE(ends.size() == 1);
  CHECK(ends[0].code == ec::cancelled);
}

TEST_CASE_METHOD(watch_fixture, "a line that is no event ends the subscription", "[docker]") {
  watch(1);
  auto call = server.next();
  call->head(200).piece(two_events + "{\"Action\":7}\n" + two_events);
  CHECK(events.size() == 2);
  CHECK(call->over());
  REQUIRE(ends.size() == 1);
  CHECK(ends[0].code == ec::engine_failed);
}

TEST_CASE_METHOD(watch_fixture, "a line without end doesn't fill the memory", "[docker]") {
  watch(1);
  auto call = server.next();
  call->head(200);
  for (int i = 0; i < 20 && !call->over(); ++i)
    call->piece(std::string(100'000, 'x'));
  CHECK(call->over());
  REQUIRE(ends.size() == 1);
  CHECK(ends[0].code == ec::engine_failed);
}

TEST_CASE_METHOD(watch_fixture, "a refused subscription says why and was never open", "[docker]") {
  watch(1);
  server.next()->answer(500, R"({"message":"boom"})");
  CHECK(opened == 0);
  REQUIRE(ends.size() == 1);
  CHECK(ends[0].detail == "boom");
}

TEST_CASE_METHOD(watch_fixture, "a label that can't be sent is refused without a call", "[docker]") {
  auto under_way = watch(1, "\xff");
  under_way->cancel();
  REQUIRE(ends.size() == 1);
  CHECK(ends[0].code == ec::general_argument_invalid);
  CHECK(server.idle());
}
