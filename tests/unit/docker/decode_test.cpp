#include "docker/wire/decode.hpp"

#include <catch2/catch.hpp>

using namespace opr;
using namespace opr::docker;

namespace {

const std::string running_container =
    R"({"Id":"abc","Created":"x","State":{"Status":"running","Running":true,"OOMKilled":false,"Pid":77,"ExitCode":0},"Config":{"Hostname":"feed"},)"
    R"("NetworkSettings":{"Networks":{"runtimes":{"IPAddress":"172.18.0.2"}}}})";

const std::string event_line =
    R"({"status":"die","id":"abc","Type":"container","Action":"die","Actor":{"ID":"abc","Attributes":)"
    R"({"exitCode":"137","name":"h-fn"}},"scope":"local","time":1,"timeNano":1700000000000000001})";

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  auto at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

} // namespace

TEST_CASE("a running container is read", "[docker]") {
  auto state = decode_container(running_container);
  REQUIRE(state);
  CHECK(state->id == "abc");
  CHECK(state->hostname == "feed");
  CHECK(state->status == "running");
  CHECK(state->running);
  CHECK(state->pid == 77);
  CHECK(state->ip_addresses.at("runtimes") == "172.18.0.2");
}

TEST_CASE("a container of another shape is an error that names the member", "[docker]") {
  auto [from, to, member] = GENERATE(table<const char*, const char*, const char*>({
      {R"("Id":"abc")", R"("Id":7)", "Id"},
      {R"("State":{)", R"("Stat":{)", "State"},
      {R"("running")", "null", "Status"},
      {R"("Running":true)", R"("Running":"true")", "Running"},
      {R"("OOMKilled":false)", R"("OOMKilled":0)", "OOMKilled"},
      {R"("Pid":77)", R"("Pid":77.0)", "Pid"},
      {R"("Pid":77)", R"("Pid":99999999999)", "Pid"},
      {R"("ExitCode":0)", R"("ExitCode":"0")", "ExitCode"},
      {R"({"runtimes":{"IPAddress":"172.18.0.2"}})", "[]", "Networks"},
      {R"({"IPAddress":"172.18.0.2"})", "null", "Networks"},
  }));
  auto state = decode_container(replaced(running_container, from, to));
  REQUIRE_FALSE(state);
  CHECK(state.error().code == ec::engine_failed);
  CHECK_THAT(state.error().detail, Catch::Contains(member));
}

TEST_CASE("no answer that is cut anywhere is taken for whole", "[docker]") {
  for (size_t cut = 0; cut < running_container.size(); ++cut)
    REQUIRE_FALSE(decode_container(std::string_view(running_container).substr(0, cut)));
  for (size_t cut = 0; cut < event_line.size(); ++cut)
    REQUIRE_FALSE(decode_event(std::string_view(event_line).substr(0, cut)));
}

TEST_CASE("an answer that is no object is an error everywhere", "[docker]") {
  auto body = GENERATE(std::string(), std::string("null"), std::string("7"), std::string("\"text\""),
                       std::string("<html>"), std::string("{\"Id\":\"\xff\"}"), std::string(1 << 20, '['),
                       std::string("[{}]"), std::string("[null]"));
  CHECK_FALSE(decode_created(body));
  CHECK_FALSE(decode_container(body));
  CHECK_FALSE(decode_container_list(body));
  CHECK_FALSE(decode_exec(body));
  CHECK_FALSE(decode_network_ids(body, "n"));
  CHECK_FALSE(decode_removal(body));
  CHECK_FALSE(decode_event(body));
  CHECK_FALSE(decode_message(body));
}

TEST_CASE("a list is read, also a row without name, labels or networks", "[docker]") {
  auto list = decode_container_list(
      R"([{"Id":"a","Names":["/h-fn","/other/h"],"State":"exited","Labels":{"l":"v"},"Image":"i:1"},)"
      R"({"Id":"b","Names":null,"State":"removing","Labels":null}])");
  REQUIRE(list);
  REQUIRE(list->size() == 2);
  CHECK((*list)[0].name == "h-fn");
  CHECK((*list)[0].state == "exited");
  CHECK((*list)[0].labels.at("l") == "v");
  CHECK((*list)[0].image == "i:1");
  CHECK((*list)[1].name.empty());
}

TEST_CASE("a list with a bad row is an error", "[docker]") {
  auto row = GENERATE(R"({"Id":"a"})", R"({"Id":"a","State":"x","Names":[7]})",
                      R"({"Id":"a","State":"x","Names":{}})", R"({"Id":"a","State":"x","Labels":{"l":7}})",
                      R"({"Id":"a","State":"x","Labels":[]})");
  CHECK_FALSE(decode_container_list(std::string("[") + row + "]"));
}

TEST_CASE("an exec instance that runs has no exit code yet", "[docker]") {
  auto state = decode_exec(R"({"Running":true,"ExitCode":null})");
  REQUIRE(state);
  CHECK(state->running);
}

TEST_CASE("an exec instance that ended says its exit code", "[docker]") {
  auto state = decode_exec(R"({"Running":false,"ExitCode":137})");
  REQUIRE(state);
  CHECK_FALSE(state->running);
  CHECK(state->exit_code == 137);
  CHECK_FALSE(decode_exec(R"({"Running":false,"ExitCode":null})"));
  CHECK_FALSE(decode_exec(R"({"Running":"no","ExitCode":1})"));
}

TEST_CASE("a network whose name only contains the one sought is another network", "[docker]") {
  auto ids = decode_network_ids(
      R"([{"Id":"1","Name":"run"},{"Id":"2","Name":"runtimes"},{"Id":"3","Name":"run"}])", "run");
  REQUIRE(ids);
  CHECK(*ids == std::vector<std::string>{"1", "3"});
}

TEST_CASE("a removal that failed says why", "[docker]") {
  CHECK(decode_removal(R"({"StatusCode":137})"));
  CHECK(decode_removal(R"({"Error":null,"StatusCode":0})"));
  auto failed = decode_removal(R"({"Error":{"Message":"driver is busy"},"StatusCode":0})");
  REQUIRE_FALSE(failed);
  CHECK(failed.error().detail == "driver is busy");
}

TEST_CASE("an event is read with its attributes and nanoseconds", "[docker]") {
  auto event = decode_event(event_line);
  REQUIRE(event);
  CHECK(event->action == "die");
  CHECK(event->id == "abc");
  CHECK(event->attributes.at("exitCode") == "137");
  CHECK(event->time_nano == 1'700'000'000'000'000'001);
}

TEST_CASE("an event of another shape is an error", "[docker]") {
  auto [from, to] = GENERATE(table<const char*, const char*>({
      {R"("Action":"die")", R"("Action":7)"},
      {R"("Actor":{)", R"("Actor":7,"X":{)"},
      {R"("ID":"abc")", R"("ID":null)"},
      {R"("137")", "137"},
      {"1700000000000000001", "1.7e18"},
      {"1700000000000000001", "\"1\""},
  }));
  CHECK_FALSE(decode_event(replaced(event_line, from, to)));
}
