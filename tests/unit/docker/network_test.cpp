#include "fake_server.hpp"

using namespace opr;
using namespace opr::docker;

namespace {

struct network_fixture : fake_engine {
  outcome<done> ensured;

  /// Asks for the network where there is none yet, up to the call that creates it.
  std::shared_ptr<fake_call> ensure_to_create() {
    docker->ensure_network("run", false, deadline, ensured.take());
    server.next()->answer(200, R"([{"Id":"9","Name":"runtimes"}])");
    return server.next();
  }
};

} // namespace

TEST_CASE_METHOD(network_fixture, "a network that is there is left as it is", "[docker]") {
  docker->ensure_network("run", false, deadline, ensured.take());
  auto call = server.next();
  CHECK(call->target == "/v1.41/networks?filters=%7B%22name%22%3A%5B%22run%22%5D%7D");
  call->answer(200, R"([{"Id":"1","Name":"run"}])");
  ensured.value();
  CHECK(server.idle());
}

TEST_CASE_METHOD(network_fixture, "a network that isn't there is created", "[docker]") {
  auto create = ensure_to_create();
  CHECK(create->target == "/v1.41/networks/create");
  create->answer(201, R"({"Id":"1"})");
  server.next()->answer(200, R"([{"Id":"1","Name":"run"}])");
  ensured.value();
  CHECK(server.idle());
}

TEST_CASE_METHOD(network_fixture, "a network that somebody else has just created will do", "[docker]") {
  ensure_to_create()->answer(409, R"({"message":"network with name run already exists"})");
  server.next()->answer(200, R"([{"Id":"1","Name":"run"}])");
  ensured.value();
}

TEST_CASE_METHOD(network_fixture, "a network that several want at once is created once", "[docker]") {
  auto create = ensure_to_create();
  outcome<done> other;
  docker->ensure_network("run", false, deadline, other.take());
  CHECK(server.idle());
  create->answer(201, R"({"Id":"1"})");
  server.next()->answer(200, R"([{"Id":"1","Name":"run"}])");
  ensured.value();
  other.value();
  CHECK(server.idle());
}

TEST_CASE_METHOD(network_fixture, "of several networks of one name only the smallest id stays", "[docker]") {
  ensure_to_create()->answer(201, R"({"Id":"b"})");
  server.next()->answer(200, R"([{"Id":"b","Name":"run"},{"Id":"a","Name":"run"},{"Id":"c","Name":"run"}])");
  auto first = server.next();
  CHECK(first->method == "DELETE");
  CHECK(first->target == "/v1.41/networks/c");
  first->answer(404, R"({"message":"network c not found"})"); // another one was quicker
  auto second = server.next();
  CHECK(second->target == "/v1.41/networks/b");
  CHECK(ensured.times == 0);
  second->answer(204, "");
  ensured.value();
}

TEST_CASE_METHOD(network_fixture, "duplicates that were there before are cleared up as well", "[docker]") {
  docker->ensure_network("run", false, deadline, ensured.take());
  server.next()->answer(200, R"([{"Id":"b","Name":"run"},{"Id":"a","Name":"run"}])");
  server.next()->answer(204, "");
  ensured.value();
}

TEST_CASE_METHOD(network_fixture, "a network that is gone again right after its creation is missing",
                 "[docker]") {
  ensure_to_create()->answer(201, R"({"Id":"b"})");
  server.next()->answer(200, "[]");
  CHECK(ensured.error().code == ec::network_not_found);
}

TEST_CASE_METHOD(network_fixture, "a duplicate that can't be removed is a failure", "[docker]") {
  ensure_to_create()->answer(201, R"({"Id":"b"})");
  server.next()->answer(200, R"([{"Id":"b","Name":"run"},{"Id":"a","Name":"run"}])");
  server.next()->answer(403, R"({"message":"network run has active endpoints"})");
  CHECK(ensured.error().detail == "network run has active endpoints");
}

TEST_CASE_METHOD(network_fixture, "an Engine that has no address range left says so", "[docker]") {
  ensure_to_create()->answer(404,
                             R"({"message":"could not find an available, non-overlapping address pool"})");
  CHECK(ensured.error().code == ec::engine_failed);
}

TEST_CASE_METHOD(network_fixture, "a list that makes no sense ends the attempt", "[docker]") {
  docker->ensure_network("run", false, deadline, ensured.take());
  server.next()->answer(200, R"({"Id":"1"})");
  CHECK(ensured.error().code == ec::engine_failed);
}

TEST_CASE_METHOD(network_fixture, "a name that is none is refused without a call", "[docker]") {
  docker->ensure_network("a b", false, deadline, ensured.take());
  CHECK(ensured.error().code == ec::general_argument_invalid);
  CHECK(server.idle());
}

namespace {

struct connect_fixture : fake_engine {
  outcome<done> connected;

  std::shared_ptr<fake_call> connect() {
    docker->connect_network("run", "abc", deadline, connected.take());
    return server.next();
  }
};

} // namespace

TEST_CASE_METHOD(connect_fixture, "a container joins one more network", "[docker]") {
  auto call = connect();
  CHECK(call->method == "POST");
  CHECK(call->target == "/v1.41/networks/run/connect");
  CHECK(call->body == R"({"Container":"abc"})");
  call->answer(200, "");
  connected.value();
  CHECK(server.idle());
}

TEST_CASE_METHOD(connect_fixture, "a container that is in the network already stays there", "[docker]") {
  connect()->answer(403, R"({"message":"endpoint with name abc already exists in network run"})");
  auto look = server.next();
  CHECK(look->target == "/v1.41/containers/abc/json");
  SECTION("it is") {
    look->answer(200,
                 R"({"Id":"abc","State":{"Status":"running","Running":true,"OOMKilled":false,"ExitCode":0,
                          "Pid":1},"NetworkSettings":{"Networks":{"run":{"IPAddress":"10.0.0.2"}}}})");
    connected.value();
  }
  SECTION("another container has its name there") {
    look->answer(200,
                 R"({"Id":"abc","State":{"Status":"running","Running":true,"OOMKilled":false,"ExitCode":0,
                          "Pid":1},"NetworkSettings":{"Networks":{"runtimes":{"IPAddress":"10.0.0.2"}}}})");
    CHECK(connected.error().detail == "endpoint with name abc already exists in network run");
  }
}

TEST_CASE_METHOD(connect_fixture, "what is missing for a connection is named", "[docker]") {
  auto [message, code] = GENERATE(table<const char*, ec>({
      {"No such container: abc", ec::container_not_found},
      {"network run not found", ec::network_not_found},
  }));
  connect()->answer(404, std::string(R"({"message":")") + message + R"("})");
  server.next()->answer(404, R"({"message":"No such container: abc"})");
  CHECK(connected.error().code == code);
  CHECK(connected.error().detail == message);
}

TEST_CASE_METHOD(connect_fixture, "a connection of names that are none is refused without a call",
                 "[docker]") {
  auto [network, container] = GENERATE(table<const char*, const char*>({{"a b", "abc"}, {"run", "a/b"}}));
  docker->connect_network(network, container, deadline, connected.take());
  CHECK(connected.error().code == ec::general_argument_invalid);
  CHECK(server.idle());
}
