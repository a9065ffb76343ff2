#include "docker/wire/refusal.hpp"

#include <catch2/catch.hpp>

using namespace opr;
using namespace opr::docker;

TEST_CASE("a refusal means what its status says for its call", "[docker]") {
  auto [call, status, message, code] = GENERATE(table<engine_call, int, const char*, ec>({
      {engine_call::create, 404, "No such image: nope:latest", ec::image_not_found},
      {engine_call::create, 404, "network opr not found", ec::network_not_found},
      {engine_call::create, 409, "Conflict. The container name is already in use", ec::container_conflict},
      {engine_call::create, 400, "invalid reference format", ec::image_not_found},
      {engine_call::create, 400, "Range of CPUs is from 0.01 to 2.00", ec::engine_failed},
      {engine_call::create, 500, "no space left on device", ec::engine_failed},
      {engine_call::container, 404, "No such container: abc", ec::container_not_found},
      {engine_call::container, 404, "network opr not found", ec::network_not_found},
      {engine_call::container, 404, "failed to set up container networking: network opr not found",
       ec::network_not_found},
      {engine_call::container, 404, "No such exec instance: abc", ec::container_not_found},
      {engine_call::container, 409, "Container abc is not running", ec::engine_failed},
      {engine_call::container, 500, "boom", ec::engine_failed},
      {engine_call::image, 404, "manifest for x not found: manifest unknown", ec::image_not_found},
      {engine_call::image, 404, "pull access denied for x, repository does not exist", ec::image_not_found},
      {engine_call::image, 500, "Get https://x/v2/: dial tcp: no such host", ec::engine_failed},
      {engine_call::other, 404, "network abc not found", ec::network_not_found},
      {engine_call::other, 404, "No such network: abc", ec::network_not_found},
      {engine_call::other, 404, "could not find an available address pool", ec::engine_failed},
      {engine_call::other, 404, "page not found", ec::engine_failed},
  }));
  auto why = refusal(call, status, std::string(R"({"message":")") + message + R"("})");
  CHECK(why.code == code);
  CHECK(why.detail == message);
}

TEST_CASE("a refusal without a message says its status", "[docker]") {
  auto body = GENERATE("", "<html>oops</html>", "{}", R"({"message":7})", R"({"message":""})", "[]");
  auto why = refusal(engine_call::other, 503, body);
  CHECK(why.code == ec::engine_failed);
  CHECK_THAT(why.detail, Catch::Contains("503"));
}

TEST_CASE("an Engine that isn't there is named with its address", "[docker]") {
  auto code = GENERATE(ec::connect_failed, ec::connection_broken);
  auto why = no_answer({code, "no such file"}, "unix:///run/x.sock");
  CHECK(why.code == ec::engine_unreachable);
  CHECK_THAT(why.detail, Catch::Contains("unix:///run/x.sock") && Catch::Contains("no such file"));
}

TEST_CASE("a call that was ended keeps its reason", "[docker]") {
  CHECK(no_answer({ec::deadline_passed, ""}, "x").code == ec::deadline_passed);
  CHECK(no_answer({ec::cancelled, ""}, "x").code == ec::cancelled);
}

TEST_CASE("an answer that isn't HTTP is the Engine's failure", "[docker]") {
  CHECK(no_answer({ec::answer_invalid, ""}, "x").code == ec::engine_failed);
  CHECK(no_answer({ec::answer_too_large, ""}, "x").code == ec::engine_failed);
}
