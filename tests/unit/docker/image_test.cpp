#include "fake_server.hpp"

#include <vector>

using namespace opr;
using namespace opr::docker;
using Catch::Matchers::Contains;

namespace {

struct image_fixture : fake_engine {
  outcome<bool> looked;
  outcome<done> pulled;
  std::vector<std::string> told;

  static image_reference named(const char* text) { return parse_image_reference(text).value(); }

  std::shared_ptr<fake_call> pull(const char* text = "a/b:c", const registry_login& login = {}) {
    docker->pull_image(
        named(text), login, deadline, [this](std::string_view line) { told.emplace_back(line); },
        pulled.take());
    return server.next();
  }
};

} // namespace

TEST_CASE_METHOD(image_fixture, "an image is looked for under its whole name", "[docker]") {
  docker->has_image(named("node:18"), deadline, looked.take());
  auto call = server.next();
  CHECK(call->target == "/v1.41/images/docker.io/library/node:18/json");
  SECTION("it is there") {
    call->answer(200, "{}");
    CHECK(looked.value());
  }
  SECTION("it isn't") {
    call->answer(404, R"({"message":"No such image: node:18"})");
    CHECK_FALSE(looked.value());
  }
  SECTION("the Engine can't say") {
    call->answer(500, R"({"message":"boom"})");
    CHECK(looked.error().detail == "boom");
  }
}

TEST_CASE_METHOD(image_fixture, "a pull names one tag or digest, never all of them", "[docker]") {
  auto digest = "node:18@sha256:" + std::string(64, 'a');
  auto [text, query] = GENERATE_COPY(table<std::string, std::string>({
      {"node", "fromImage=docker.io%2Flibrary%2Fnode&tag=latest"},
      {"127.0.0.1:5000/a/b:c", "fromImage=127.0.0.1%3A5000%2Fa%2Fb&tag=c"},
      {digest, "fromImage=docker.io%2Flibrary%2Fnode&tag=sha256%3A" + std::string(64, 'a')},
  }));
  auto call = pull(text.c_str());
  CHECK(call->method == "POST");
  CHECK(call->target == "/v1.41/images/create?" + query);
  CHECK(call->deadline == deadline);
}

TEST_CASE_METHOD(image_fixture, "a pull ends well when its stream does, and tells what goes on", "[docker]") {
  auto call = pull();
  call->head(200).piece("{\"status\":\"Pulling from a/b\",\"id\":\"c\"}\r\n{\"status\":\"Downloa");
  call->piece("ding\",\"progressDetail\":{\"current\":1},\"progress\":\"[> ] 1MB/2MB\",\"id\":\"f00\"}\r\n");
  call->piece("{\"aux\":{\"ID\":\"sha256:1\"}}\r\n");
  CHECK(pulled.times == 0);
  call->end();
  pulled.value();
  CHECK(told == std::vector<std::string>{"c Pulling from a/b", "f00 Downloading [> ] 1MB/2MB"});
}

TEST_CASE_METHOD(image_fixture, "an error inside of a pull that began well is a failure", "[docker]") {
  auto [line, detail] = GENERATE(table<const char*, const char*>({
      {R"({"errorDetail":{"message":"no space left"},"error":"short"})", "no space left"},
      {R"({"error":"unauthorized"})", "unauthorized"},
      {R"({"errorDetail":{}})", "the Docker Engine doesn't say why"},
      {R"({"error":7})", "the Docker Engine doesn't say why"},
  }));
  auto call = pull();
  call->head(200).piece("{\"status\":\"Pulling\"}\r\n" + std::string(line) + "\r\n");
  CHECK(pulled.error().code == ec::engine_failed);
  CHECK(pulled.error().detail == detail);
}

TEST_CASE_METHOD(image_fixture, "a pull that the registry refuses at once says why", "[docker]") {
  pull()->answer(404, R"({"message":"manifest for a/b:c not found"})");
  CHECK(pulled.error().code == ec::image_not_found);
  CHECK(pulled.error().detail == "manifest for a/b:c not found");
}

TEST_CASE_METHOD(image_fixture, "a pull whose stream is cut off has failed", "[docker]") {
  auto call = pull();
  call->head(200).piece("{\"status\":\"Pulling\"}\r\n");
  SECTION("by the Engine's end") {
    call->end({ec::connection_broken, "end of file"});
    CHECK(pulled.error().code == ec::engine_unreachable);
  }
  SECTION("by the deadline") {
    call->end({ec::deadline_passed, ""});
    CHECK(pulled.error().code == ec::deadline_passed);
  }
  SECTION("by something that isn't the Engine's") {
    call->piece("<html>\n");
    CHECK(pulled.error().code == ec::engine_failed);
  }
  SECTION("by a line without end") {
    for (int i = 0; i < 3 && !call->over(); ++i)
      call->piece(std::string(1U << 20U, 'x'));
    CHECK(pulled.error().code == ec::engine_failed);
  }
}

TEST_CASE_METHOD(image_fixture,
                 "a login goes to the registry in the Engine's form, and only when there is one",
                 "[docker]") {
  CHECK(find_header(pull()->headers, "X-Registry-Auth") == nullptr);
  auto call = pull("a/b", {"https://index.docker.io/v1/", "me", "a\"b?>"});
  const auto* sent = find_header(call->headers, "X-Registry-Auth");
  REQUIRE(sent);
  // {"username":"me","password":"a\"b?>","serveraddress":"https://index.docker.io/v1/"}
  CHECK(*sent == "eyJ1c2VybmFtZSI6Im1lIiwicGFzc3dvcmQiOiJhXCJiPz4iLCJzZXJ2ZXJhZGRyZXNzIjoi"
                 "aHR0cHM6Ly9pbmRleC5kb2NrZXIuaW8vdjEvIn0=");
}

TEST_CASE_METHOD(image_fixture, "a login that is not UTF-8 is refused without a call", "[docker]") {
  docker->pull_image(named("a/b"), {"x", "me", "\xff"}, deadline, {}, pulled.take());
  CHECK(pulled.error().code == ec::general_argument_invalid);
  CHECK(server.idle());
}

TEST_CASE_METHOD(fake_engine, "a container's processor time is read without waiting for a second sample",
                 "[docker]") {
  outcome<std::chrono::nanoseconds> used;
  docker->container_cpu("abc", deadline, used.take());
  auto call = server.next();
  CHECK(call->target == "/v1.41/containers/abc/stats?stream=0&one-shot=1");
  SECTION("it has used some") {
    call->answer(200, R"({"cpu_stats":{"cpu_usage":{"total_usage":1234567890123}}})");
    CHECK(used.value() == std::chrono::nanoseconds(1234567890123));
  }
  SECTION("the Engine says nothing useful") {
    auto body =
        GENERATE("", "[]", "{}", R"({"cpu_stats":7})", R"({"cpu_stats":{"cpu_usage":{"total_usage":-1}}})",
                 R"({"cpu_stats":{"cpu_usage":{"total_usage":"1"}}})");
    call->answer(200, body);
    CHECK(used.error().code == ec::engine_failed);
  }
  SECTION("it is gone") {
    call->answer(404, R"({"message":"No such container: abc"})");
    CHECK(used.error().code == ec::container_not_found);
  }
}
