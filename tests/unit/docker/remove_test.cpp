#include "fake_server.hpp"

using namespace opr;
using namespace opr::docker;

namespace {

struct remove_fixture : fake_engine {
  outcome<done> removed;

  /// A removal that meets another one of the same container, up to the wait for its end.
  std::shared_ptr<fake_call> remove_to_wait() {
    docker->remove_container("h-fn", deadline, removed.take());
    server.next()->answer(409, R"({"message":"removal of container h-fn is already in progress"})");
    auto wait = server.next();
    CHECK(wait->target == "/v1.41/containers/h-fn/wait?condition=removed");
    CHECK(wait->deadline == deadline);
    CHECK(removed.times == 0);
    return wait;
  }
};

} // namespace

TEST_CASE_METHOD(remove_fixture, "a container is removed by force and with its volumes", "[docker]") {
  docker->remove_container("h-fn", deadline, removed.take());
  auto call = server.next();
  CHECK(call->method == "DELETE");
  CHECK(call->target == "/v1.41/containers/h-fn?force=1&v=1");
  call->answer(204, "");
  removed.value();
}

TEST_CASE_METHOD(remove_fixture, "a container that is gone counts as removed", "[docker]") {
  docker->remove_container("h-fn", deadline, removed.take());
  server.next()->answer(404, R"({"message":"No such container: h-fn"})");
  removed.value();
}

TEST_CASE_METHOD(remove_fixture, "a container under removal is waited for", "[docker]") {
  remove_to_wait()->answer(200, R"({"Error":null,"StatusCode":137})");
  removed.value();
}

TEST_CASE_METHOD(remove_fixture, "a container gone before the wait begins counts as removed", "[docker]") {
  remove_to_wait()->answer(404, R"({"message":"No such container: h-fn"})");
  removed.value();
}

TEST_CASE_METHOD(remove_fixture, "a removal by somebody else that fails is a failure here too", "[docker]") {
  remove_to_wait()->answer(200, R"({"Error":{"Message":"device busy"},"StatusCode":0})");
  CHECK(removed.error().detail == "device busy");
}

TEST_CASE_METHOD(remove_fixture, "a removal that nobody ends runs into the deadline", "[docker]") {
  remove_to_wait()->end({ec::deadline_passed, ""});
  CHECK(removed.error().code == ec::deadline_passed);
}

TEST_CASE_METHOD(remove_fixture, "a removal that the Engine can't do says why", "[docker]") {
  docker->remove_container("h-fn", deadline, removed.take());
  server.next()->answer(500, R"({"message":"driver failed to remove root filesystem"})");
  CHECK(removed.error().code == ec::engine_failed);
  CHECK(removed.error().detail == "driver failed to remove root filesystem");
}
