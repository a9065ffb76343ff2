#include "http/api/decode.hpp"

#include <catch2/catch.hpp>

using namespace opr;
using namespace opr::http;
using namespace std::chrono_literals;

namespace {

const request_rules both{{generation::v2, generation::v5}};

result<runtime_request> creation_of(const std::string& json) {
  return decode_creation({json, "application/json"}, both);
}

result<execution_request> execution_of(const std::string& json) {
  return decode_execution({json, "application/json"}, "one", both);
}

result<execution_request> first_execution_of(const std::string& json) {
  return decode_first_execution({json, "application/json"}, both);
}

std::string refusal(const std::string& body) {
  auto read = creation_of(body);
  REQUIRE_FALSE(read);
  CHECK(read.error().code == ec::general_argument_invalid);
  return read.error().detail;
}

std::string execution_refusal(const std::string& body) {
  auto read = execution_of(body);
  REQUIRE_FALSE(read);
  CHECK(read.error().code == ec::general_argument_invalid);
  return read.error().detail;
}

std::string creation_with(const std::string& more) {
  return R"({"runtimeId":"one","image":"i:v5",)" + more + "}";
}

} // namespace

TEST_CASE("a create that names only what it must has the contract's defaults") {
  auto read = creation_of(R"({"runtimeId":"one","image":"openruntimes/node:v5-18.0"})");
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
  auto read = creation_of(creation_with(R"("cpus":"0.5","memory":"256","timeout":"2","remove":"true")"));
  REQUIRE(read);
  CHECK(read->cpus == 0.5);
  CHECK(read->memory_mb == 256);
  CHECK(read->build_timeout == 2s);
  CHECK(read->remove_when_done);
}

TEST_CASE("an image that the operator doesn't allow is refused, to create and to execute") {
  auto rules = both;
  rules.allowed_images = {"openruntimes/*", "ghcr.io/us/node:v5-*"};
  auto create = [&](const std::string& image) {
    return decode_creation({R"({"runtimeId":"one","image":")" + image + "\"}", "application/json"}, rules);
  };
  CHECK(create("openruntimes/node:v5-18.0"));
  CHECK(create("ghcr.io/us/node:v5-20"));
  auto refused = create("ghcr.io/us/node:v4");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().detail.find("\"image\"") != std::string::npos);
  auto execute = [&](const std::string& json) {
    return decode_execution({json, "application/json"}, "one", rules);
  };
  CHECK_FALSE(execute(R"({"image":"evil/node","source":"/a"})"));
  CHECK(execute("{}")); // of a runtime that is there
}

TEST_CASE("null is an absent parameter") {
  auto read = creation_of(creation_with(R"("command":null,"cpus":null,"variables":null)"));
  REQUIRE(read);
  CHECK(read->command.empty());
}

TEST_CASE("a body that is no JSON object runs nothing") {
  for (const auto* body : {"", "null", "[]", "42", "\"text\"", "{", "{\"a\":}", "{\"a\":\"\xFF\"}",
                           "{\"a\":\"b\xEE", "\xEF\xBB"})
    refusal(body);
  refusal(std::string(1'000'000, '['));
  refusal(std::string("{}\0garbage", 10));
}

TEST_CASE("a body of countless values is refused before they fill the memory") {
  std::string zeros = "{\"variables\":{\"A\":[0";
  for (int i = 0; i < 200'000; ++i)
    zeros += ",0";
  CHECK(refusal(zeros + "]}}").find("more than 100000 values") != std::string::npos);
  auto text = creation_with("\"commands\":\"[0" + zeros.substr(zeros.find(',')) + "]\"");
  CHECK(refusal(text).find("\"commands\"") != std::string::npos);
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
  CHECK(creation_of(creation_with(line(1024))));
  refusal(creation_with(line(1025)));
  std::string umlauts;
  for (int i = 0; i < 256; ++i)
    umlauts += "\xC3\xA4";
  CHECK(creation_of(creation_with("\"entrypoint\":\"" + umlauts + "\"")));
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
    return creation_of(R"({"runtimeId":"one","image":")" + image + "\"" + more + "}")->version;
  };
  CHECK(version("openruntimes/node:v2-8.0") == generation::v2);
  CHECK(version("openruntimes/node:v5-18.0") == generation::v5);
  CHECK(version("localhost:5000/node") == generation::v5);
  CHECK(version("node:latest") == generation::v5);
  CHECK(version("node:v5-18.0", R"(,"version":"v2")") == generation::v2);
}

TEST_CASE("variables become text") {
  auto read = creation_of(creation_with(R"("variables":{"A":"x","B":1,"C":1.5,"D":true,"E":null})"));
  REQUIRE(read);
  CHECK(read->variables == variable_list{{"A", "x"}, {"B", "1"}, {"C", "1.5"}, {"D", "true"}, {"E", ""}});
  CHECK(creation_of(creation_with(R"("variables":[])")));
}

TEST_CASE("an execution that names nothing is a GET of / without a body") {
  auto read = execution_of("{}");
  REQUIRE(read);
  CHECK(read->method == "GET");
  CHECK(read->path == "/");
  CHECK(read->body.empty());
  CHECK(read->timeout == 15s);
  CHECK(read->logging);
}

TEST_CASE("an execution's path gets its leading slash and can't break the request line") {
  CHECK(execution_of(R"({"path":"a?b"})")->path == "/a?b");
  execution_refusal(R"({"path":"/a b"})");
  execution_refusal(R"({"path":"/a\r\nx: y"})");
}

TEST_CASE("headers come as an object or as JSON text of one") {
  auto object = execution_of(R"({"headers":{"X-A":"1","x-b":2,"x-c":["3","4"]}})");
  REQUIRE(object);
  CHECK(object->headers.size() == 4);
  auto text = execution_of(R"({"headers":"{\"X-A\":\"1\"}"})");
  REQUIRE(text);
  CHECK(text->headers.at(0).value == "1");
  CHECK(execution_of(R"({"headers":[]})"));
  CHECK(execution_of(R"({"headers":""})"));
}

TEST_CASE("a header can't smuggle another") {
  execution_refusal(R"({"headers":{"x-a":"1\r\nx-b: 2"}})");
  execution_refusal(R"({"headers":{"x a":"1"}})");
  execution_refusal(R"({"headers":{"x-a:":"1"}})");
  execution_refusal(R"({"headers":{"":"1"}})");
  execution_refusal(R"({"headers":"[1]"})");
}

TEST_CASE("payload is another name of body") {
  CHECK(execution_of(R"({"payload":"p"})")->body == "p");
  CHECK(execution_of(R"({"payload":"p","body":"b"})")->body == "b");
}

TEST_CASE("a body stays valid as long as its request") {
  std::string text(100000, 'x');
  auto read = execution_of("{\"body\":\"" + text + "\"}");
  REQUIRE(read);
  auto kept = std::move(*read);
  CHECK(kept.body == text);
}

TEST_CASE("the first generation names its runtime in the body") {
  auto read = first_execution_of(R"({"runtimeId":"one","payload":"p","timeout":"3"})");
  REQUIRE(read);
  CHECK(read->runtime.runtime_id == "one");
  CHECK(read->body == "p");
  CHECK(read->timeout == 3s);
  CHECK_FALSE(first_execution_of(R"({"payload":"p"})"));
}

TEST_CASE("an empty payload doesn't hide a body, nor an empty body a payload") {
  CHECK(execution_of(R"({"payload":"","body":"b"})")->body == "b");
  CHECK(execution_of(R"({"payload":"p","body":""})")->body == "p");
}

TEST_CASE("the first generation's commands are a list of bounded strings") {
  auto read = creation_of(creation_with(R"("commands":["sh","-c","a \"b\""],"workdir":"/x")"));
  REQUIRE(read);
  CHECK(read->commands == std::vector<std::string>{"sh", "-c", "a \"b\""});
  CHECK(read->workdir == "/x");
  CHECK(creation_of(creation_with(R"("commands":"[\"a\",\"b\"]")"))->commands.size() == 2);
  CHECK(creation_of(creation_with(R"("commands":[],"workdir":"")"))->commands.empty());
  CHECK(creation_of(creation_with(R"("commands":"")"))->commands.empty());

  auto list = [](std::size_t count, std::size_t length) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i)
      text += (i > 0 ? ",\"" : "\"") + std::string(length, 'x') + "\"";
    return "\"commands\":[" + text + "]";
  };
  CHECK(creation_of(creation_with(list(100, 1024))));
  for (const auto& bad : {list(101, 1), list(1, 1025), std::string(R"("commands":[1])"),
                          std::string(R"("commands":{"a":"b"})"), std::string(R"("commands":"make")"),
                          std::string(R"("commands":["a\u0000b"])"), std::string(R"("commands":true)")})
    CHECK(refusal(creation_with(bad)).find("\"commands\"") != std::string::npos);
  CHECK(refusal(creation_with("\"workdir\":\"" + std::string(257, 'x') + "\"")).find("\"workdir\"") !=
        std::string::npos);
}

TEST_CASE("an empty string is no number, as PHP's forms write null") {
  auto read = creation_of(creation_with(R"("cpus":"","memory":"","timeout":"","restartPolicy":"")"));
  REQUIRE(read);
  CHECK(read->cpus == 1);
  CHECK(read->memory_mb == 512);
  CHECK(read->build_timeout == 600s);
  CHECK(read->restart_policy == "no");
  CHECK_FALSE(execution_of(R"({"logging":""})")->logging);
}

TEST_CASE("variables may come as JSON text") {
  CHECK(creation_of(creation_with(R"("variables":"{\"A\":1}")"))->variables == variable_list{{"A", "1"}});
  for (const auto* bad : {R"("variables":"{")", R"("variables":"[1]")", R"("variables":"1")"})
    CHECK(refusal(creation_with(bad)).find("\"variables\"") != std::string::npos);
}

TEST_CASE("half a character can't come in by an escape") {
  CHECK(refusal(creation_with(R"("entrypoint":"\udc00")")).find("\"entrypoint\"") != std::string::npos);
  CHECK(refusal(creation_with(R"("variables":{"A":"\udc00"})")).find("\"variables\"") != std::string::npos);
  CHECK(refusal(creation_with(R"("variables":{"\udc00":""})")).find("\"variables\"") != std::string::npos);
  CHECK(creation_of(creation_with(R"("entrypoint":"\ud83d\ude00")"))->entrypoint == "\xF0\x9F\x98\x80");
}

TEST_CASE("of a parameter that comes twice the last counts") {
  CHECK(execution_of(R"({"path":"/a","path":"/b"})")->path == "/b");
}

TEST_CASE("a command needs its line, and has a time-out of ten minutes") {
  auto read = decode_command({R"({"command":"ls -l"})", {}}, "one");
  REQUIRE(read);
  CHECK(read->runtime_id == "one");
  CHECK(read->command == "ls -l");
  CHECK(read->timeout == 600s);
  CHECK(decode_command({R"({"command":"ls","timeout":"1.5"})", {}}, "one")->timeout == 1500ms);
  for (const auto& bad :
       {std::string("{}"), std::string(R"({"command":""})"), std::string(R"({"command":["ls"]})"),
        R"({"command":")" + std::string(1025, 'x') + "\"}", std::string(R"({"command":"ls","timeout":0})")})
    CHECK_FALSE(decode_command({bad, {}}, "one"));
}

TEST_CASE("a follower's time-out comes from the query") {
  CHECK(*decode_follow("/v1/runtimes/one/logs") == 600s);
  CHECK(*decode_follow("/v1/runtimes/one/logs?") == 600s);
  CHECK(*decode_follow("/v1/runtimes/one/logs?timeout=") == 600s);
  CHECK(*decode_follow("/v1/runtimes/one/logs?a&timeout=1.5&b=") == 1500ms);
  CHECK(*decode_follow("/v1/runtimes/one/logs?timeout=1&timeout=2") == 2s);
  for (const auto* bad : {"?timeout=0", "?timeout=-1", "?timeout=x", "?timeout=1s", "?timeout=1%30"})
    CHECK_FALSE(decode_follow(std::string("/v1/runtimes/one/logs") + bad));
}

TEST_CASE("limits and time-outs that a request doesn't name are the operator's") {
  const request_rules rules{{generation::v5}, 0.25, 0, 900s, 10s};
  auto created = decode_creation({R"({"runtimeId":"one","image":"i"})", "application/json"}, rules);
  REQUIRE(created);
  CHECK(created->cpus == 0.25);
  CHECK(created->memory_mb == 0);
  CHECK(created->build_timeout == 900s);
  auto named = decode_creation(
      {R"({"runtimeId":"one","image":"i","cpus":2,"memory":64,"timeout":3})", "application/json"}, rules);
  REQUIRE(named);
  CHECK(named->cpus == 2);
  CHECK(named->memory_mb == 64);
  CHECK(named->build_timeout == 3s);
}

TEST_CASE("an execution may not ask for more time than the operator allows") {
  const request_rules rules{{generation::v5}, 1, 512, 600s, 10s};
  auto execution = [&](const std::string& json) {
    return decode_execution({json, "application/json"}, "one", rules);
  };
  CHECK(execution(R"({"timeout":10})")->timeout == 10s);
  CHECK(execution("{}")->timeout == 10s);
  CHECK(execution(R"({"timeout":10.5})").error().detail ==
        "Parameter \"timeout\" must be a number from 0.001 to 10.");
  CHECK_FALSE(decode_first_execution({R"({"runtimeId":"one","timeout":11})", "application/json"}, rules));
}
