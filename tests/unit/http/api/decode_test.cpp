#include "http/api/decode.hpp"

#include <catch2/catch.hpp>

using namespace opr;
using namespace opr::http;
using namespace std::chrono_literals;

namespace {

const std::vector<generation> both{generation::v2, generation::v5};

std::string refusal(const std::string& body) {
  auto read = decode_creation(body, both);
  REQUIRE_FALSE(read);
  CHECK(read.error().code == ec::general_argument_invalid);
  return read.error().detail;
}

std::string execution_refusal(const std::string& body) {
  auto read = decode_execution(body, "one", both);
  REQUIRE_FALSE(read);
  CHECK(read.error().code == ec::general_argument_invalid);
  return read.error().detail;
}

std::string creation_with(const std::string& more) {
  return R"({"runtimeId":"one","image":"i:v5",)" + more + "}";
}

} // namespace

TEST_CASE("a create that names only what it must has the contract's defaults") {
  auto read = decode_creation(R"({"runtimeId":"one","image":"openruntimes/node:v5-18.0"})", both);
  REQUIRE(read);
  CHECK(read->runtime_id == "one");
  CHECK(read->build_timeout == 600s);
  CHECK(read->cpus == 1);
  CHECK(read->memory_mb == 512);
  CHECK(read->restart_policy == "no");
  CHECK_FALSE(read->remove_when_done);
  CHECK(read->version == generation::v5);
}

TEST_CASE("numbers and booleans may come as strings") {
  auto read =
      decode_creation(creation_with(R"("cpus":"0.5","memory":"256","timeout":"2","remove":"true")"), both);
  REQUIRE(read);
  CHECK(read->cpus == 0.5);
  CHECK(read->memory_mb == 256);
  CHECK(read->build_timeout == 2s);
  CHECK(read->remove_when_done);
}

TEST_CASE("null is an absent parameter") {
  auto read = decode_creation(creation_with(R"("command":null,"cpus":null,"variables":null)"), both);
  REQUIRE(read);
  CHECK(read->command.empty());
}

TEST_CASE("a body that is no JSON object runs nothing") {
  for (const auto* body : {"", "null", "[]", "42", "\"text\"", "{", "{\"a\":}", "{\"a\":\"\xFF\"}"})
    refusal(body);
  refusal(std::string(1'000'000, '['));
  refusal(std::string("{}\0garbage", 10));
}

TEST_CASE("a parameter that breaks its rule is named") {
  CHECK(refusal("{}").find("\"runtimeId\"") != std::string::npos);
  CHECK(refusal(R"({"runtimeId":"one"})").find("\"image\"") != std::string::npos);
  CHECK(refusal(creation_with(R"("cpus":"many")")).find("\"cpus\"") != std::string::npos);
  CHECK(refusal(creation_with(R"("cpus":0)")).find("\"cpus\"") != std::string::npos);
  CHECK(refusal(creation_with(R"("memory":1.5)")).find("\"memory\"") != std::string::npos);
  CHECK(refusal(creation_with(R"("timeout":0)")).find("\"timeout\"") != std::string::npos);
  CHECK(refusal(creation_with(R"("timeout":-1)")).find("\"timeout\"") != std::string::npos);
  CHECK(refusal(creation_with(R"("remove":"maybe")")).find("\"remove\"") != std::string::npos);
  CHECK(refusal(creation_with(R"("entrypoint":7)")).find("\"entrypoint\"") != std::string::npos);
  CHECK(refusal(creation_with(R"("version":"v9")")).find("one of v2, v5") != std::string::npos);
  CHECK(refusal(creation_with(R"("restartPolicy":"sometimes")")).find("\"restartPolicy\"") !=
        std::string::npos);
  CHECK(refusal(creation_with(R"("variables":{"A=B":"1"})")).find("\"variables\"") != std::string::npos);
  CHECK(refusal(creation_with(R"("variables":{"A":[]})")).find("\"variables\"") != std::string::npos);
  CHECK(refusal(creation_with(R"("variables":"text")")).find("\"variables\"") != std::string::npos);
  CHECK(refusal(creation_with(R"("command":"a\u0000b")")).find("\"command\"") != std::string::npos);
}

TEST_CASE("lengths are bounded, in characters") {
  auto line = [](std::size_t length) { return "\"command\":\"" + std::string(length, 'x') + "\""; };
  CHECK(decode_creation(creation_with(line(1024)), both));
  refusal(creation_with(line(1025)));
  std::string umlauts;
  for (int i = 0; i < 256; ++i)
    umlauts += "\xC3\xA4";
  CHECK(decode_creation(creation_with("\"entrypoint\":\"" + umlauts + "\""), both));
}

TEST_CASE("an id that could lead into another folder is none") {
  for (const auto* bad : {"x/../y", "..", ".x", "-x", "_x", "x y", "x\n", "", "ä"})
    CHECK_FALSE(is_runtime_id(bad));
  CHECK_FALSE(is_runtime_id(std::string(65, 'a')));
  CHECK_FALSE(is_runtime_id(std::string("a\0b", 3)));
  for (const auto* good : {"x", "0", "a.b_c-d", "X9"})
    CHECK(is_runtime_id(good));
  CHECK(is_runtime_id(std::string(64, 'a')));
}

TEST_CASE("the version comes from the request, else from the image's tag, else it's the newest") {
  auto version = [](const std::string& image, const std::string& more = "") {
    return decode_creation(R"({"runtimeId":"one","image":")" + image + "\"" + more + "}", both)->version;
  };
  CHECK(version("openruntimes/node:v2-8.0") == generation::v2);
  CHECK(version("openruntimes/node:v5-18.0") == generation::v5);
  CHECK(version("localhost:5000/node") == generation::v5);
  CHECK(version("node:latest") == generation::v5);
  CHECK(version("node:v5-18.0", R"(,"version":"v2")") == generation::v2);
}

TEST_CASE("variables become text") {
  auto read =
      decode_creation(creation_with(R"("variables":{"A":"x","B":1,"C":1.5,"D":true,"E":null})"), both);
  REQUIRE(read);
  CHECK(read->variables == variable_list{{"A", "x"}, {"B", "1"}, {"C", "1.5"}, {"D", "true"}, {"E", ""}});
  CHECK(decode_creation(creation_with(R"("variables":[])"), both));
}

TEST_CASE("an execution that names nothing is a GET of / without a body") {
  auto read = decode_execution("{}", "one", both);
  REQUIRE(read);
  CHECK(read->method == "GET");
  CHECK(read->path == "/");
  CHECK(read->body.empty());
  CHECK(read->timeout == 15s);
  CHECK(read->logging);
}

TEST_CASE("an execution's path gets its leading slash and can't break the request line") {
  CHECK(decode_execution(R"({"path":"a?b"})", "one", both)->path == "/a?b");
  execution_refusal(R"({"path":"/a b"})");
  execution_refusal(R"({"path":"/a\r\nx: y"})");
}

TEST_CASE("headers come as an object or as JSON text of one") {
  auto object = decode_execution(R"({"headers":{"X-A":"1","x-b":2,"x-c":["3","4"]}})", "one", both);
  REQUIRE(object);
  CHECK(object->headers.size() == 4);
  auto text = decode_execution(R"({"headers":"{\"X-A\":\"1\"}"})", "one", both);
  REQUIRE(text);
  CHECK(text->headers.at(0).value == "1");
  CHECK(decode_execution(R"({"headers":[]})", "one", both));
  CHECK(decode_execution(R"({"headers":""})", "one", both));
}

TEST_CASE("a header can't smuggle another") {
  execution_refusal(R"({"headers":{"x-a":"1\r\nx-b: 2"}})");
  execution_refusal(R"({"headers":{"x a":"1"}})");
  execution_refusal(R"({"headers":{"x-a:":"1"}})");
  execution_refusal(R"({"headers":{"":"1"}})");
  execution_refusal(R"({"headers":"[1]"})");
}

TEST_CASE("payload is another name of body") {
  CHECK(decode_execution(R"({"payload":"p"})", "one", both)->body == "p");
  CHECK(decode_execution(R"({"payload":"p","body":"b"})", "one", both)->body == "b");
}

TEST_CASE("a body stays valid as long as its request") {
  std::string text(100000, 'x');
  auto read = decode_execution("{\"body\":\"" + text + "\"}", "one", both);
  REQUIRE(read);
  auto kept = std::move(*read);
  CHECK(kept.body == text);
}

TEST_CASE("the first generation names its runtime in the body") {
  auto read = decode_first_execution(R"({"runtimeId":"one","payload":"p","timeout":"3"})", both);
  REQUIRE(read);
  CHECK(read->runtime.runtime_id == "one");
  CHECK(read->body == "p");
  CHECK(read->timeout == 3s);
  CHECK_FALSE(decode_first_execution(R"({"payload":"p"})", both));
}

TEST_CASE("what a later version will know is refused, not passed over") {
  CHECK(refusal(creation_with(R"("commands":["sh","-c","make"])")).find("\"commands\"") != std::string::npos);
  CHECK(refusal(creation_with(R"("workdir":"/x")")).find("\"workdir\"") != std::string::npos);
  CHECK(decode_creation(creation_with(R"("commands":[],"workdir":"")"), both));
}
