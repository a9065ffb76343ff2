#include "fake_server.hpp"

using namespace opr;
using namespace opr::docker;

namespace {

container_spec small_spec() {
  container_spec spec;
  spec.name = "h-fn";
  spec.image = "some/image:v5-1.0";
  spec.network = "runtimes";
  return spec;
}

} // namespace

TEST_CASE_METHOD(fake_engine, "a container is created under its name and within the deadline", "[docker]") {
  outcome<std::string> created;
  docker->create_container(small_spec(), deadline, created.take());
  auto call = server.next();
  CHECK(call->method == "POST");
  CHECK(call->target == "/v1.41/containers/create?name=h-fn");
  CHECK(call->deadline == deadline);
  CHECK_THAT(call->body, Catch::Contains(R"("NetworkMode":"runtimes")"));
  call->answer(201, R"({"Id":"abc","Warnings":[]})");
  CHECK(created.value() == "abc");
}

TEST_CASE_METHOD(fake_engine, "a spec that can't be sent is refused without a call", "[docker]") {
  outcome<std::string> created;
  auto spec = small_spec();
  spec.name = "../x";
  docker->create_container(spec, deadline, created.take());
  CHECK(created.error().code == ec::general_argument_invalid);
  CHECK(server.idle());
}

TEST_CASE_METHOD(fake_engine, "a refused create says what was missing", "[docker]") {
  outcome<std::string> created;
  docker->create_container(small_spec(), deadline, created.take());
  server.next()->answer(404, R"({"message":"No such image: some/image:v5-1.0"})");
  CHECK(created.error().code == ec::image_not_found);
  CHECK(created.error().detail == "No such image: some/image:v5-1.0");
}

TEST_CASE_METHOD(fake_engine, "an answer that breaks off is no container", "[docker]") {
  outcome<std::string> created;
  docker->create_container(small_spec(), deadline, created.take());
  server.next()->head(201).piece(R"({"Id":"ab)").end({ec::connection_broken, "closed"});
  CHECK(created.error().code == ec::engine_unreachable);
}

TEST_CASE_METHOD(fake_engine, "a container that runs already counts as started", "[docker]") {
  outcome<done> started;
  docker->start_container("abc", deadline, started.take());
  auto call = server.next();
  CHECK(call->target == "/v1.41/containers/abc/start");
  call->answer(304, "");
  CHECK(started.times == 1);
  started.value();
}

TEST_CASE_METHOD(fake_engine, "no call is sent about an id that isn't one", "[docker]") {
  outcome<done> started;
  outcome<done> removed;
  outcome<container_state> inspected;
  outcome<std::string> logged;
  outcome<int> ran;
  docker->start_container("a/../b", deadline, started.take());
  docker->remove_container("", deadline, removed.take());
  docker->inspect_container("a?b", deadline, inspected.take());
  docker->container_logs("a b", 10, deadline, logged.take());
  docker->exec("a/b", {"true"}, deadline, {}, ran.take());
  CHECK(started.error().code == ec::general_argument_invalid);
  CHECK(removed.error().code == ec::general_argument_invalid);
  CHECK(inspected.error().code == ec::general_argument_invalid);
  CHECK(logged.error().code == ec::general_argument_invalid);
  CHECK(ran.error().code == ec::general_argument_invalid);
  CHECK(server.idle());
}

TEST_CASE_METHOD(fake_engine, "an Engine that isn't there fails the ping and says where it was sought",
                 "[docker]") {
  outcome<done> pinged;
  docker->ping(deadline, pinged.take());
  server.next()->end({ec::connect_failed, "No such file or directory"});
  CHECK(pinged.error().code == ec::engine_unreachable);
  CHECK_THAT(pinged.error().detail, Catch::Contains("unix:///run/docker.sock"));
}

TEST_CASE_METHOD(fake_engine, "an engine that is taken down ends its calls", "[docker]") {
  outcome<done> pinged;
  docker->ping(deadline, pinged.take());
  docker.reset();
  CHECK(pinged.error().code == ec::cancelled);
}

TEST_CASE_METHOD(fake_engine, "containers in any state are listed by label", "[docker]") {
  outcome<std::vector<container_summary>> listed;
  docker->list_containers("l", "v&x", deadline, listed.take());
  auto call = server.next();
  CHECK(call->target == "/v1.41/containers/json?all=1&filters=%7B%22label%22%3A%5B%22l%3Dv%26x%22%5D%7D");
  call->answer(200, "[]");
  CHECK(listed.value().empty());
}

TEST_CASE_METHOD(fake_engine, "logs of both streams come in their order", "[docker]") {
  outcome<std::string> logged;
  docker->container_logs("abc", 20, deadline, logged.take());
  auto call = server.next();
  CHECK(call->target == "/v1.41/containers/abc/logs?stdout=1&stderr=1&tail=20");
  call->answer(200, std::string("\1\0\0\0\0\0\0\2a\n\2\0\0\0\0\0\0\2b\n", 20));
  CHECK(logged.value() == "a\nb\n");
}

TEST_CASE_METHOD(fake_engine, "of endless logs only the end is kept", "[docker]") {
  outcome<std::string> logged;
  docker->container_logs("abc", 20, deadline, logged.take());
  auto call = server.next();
  call->head(200).piece(std::string("\1\0\0\0\1\0\0\0", 8)); // 16 MiB
  for (int i = 0; i < 16; ++i)
    call->piece(std::string(1 << 20, static_cast<char>('a' + i)));
  call->end();
  CHECK(logged.value() == std::string(1 << 20, 'p'));
}

TEST_CASE_METHOD(fake_engine, "logs that aren't the Engine's end the call", "[docker]") {
  outcome<std::string> logged;
  docker->container_logs("abc", 20, deadline, logged.take());
  auto call = server.next();
  call->head(200).piece("just text, and no frame");
  CHECK(call->over());
  CHECK(logged.error().code == ec::engine_failed);
}

TEST_CASE_METHOD(fake_engine, "logs of a container that is gone say so", "[docker]") {
  outcome<std::string> logged;
  docker->container_logs("abc", 20, deadline, logged.take());
  server.next()->answer(404, R"({"message":"No such container: abc"})");
  CHECK(logged.error().code == ec::container_not_found);
}
