#include "http/api/decode.hpp"

#include <catch2/catch.hpp>

#include <utility>
#include <vector>

using namespace opr;
using namespace opr::http;
using namespace std::chrono_literals;

namespace {

const request_rules both{{generation::v2, generation::v5}};

using fields = std::vector<std::pair<std::string, std::string>>;

request_body form(const fields& parts) {
  std::string text;
  for (const auto& [name, content] : parts)
    text += "--x\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + content + "\r\n";
  return {text + "--x--\r\n", "multipart/form-data; boundary=x"};
}

result<execution_request> execution_of(const fields& parts) {
  return decode_execution(form(parts), "one", both);
}

std::string refusal(const fields& parts) {
  auto read = execution_of(parts);
  REQUIRE_FALSE(read);
  CHECK(read.error().code == ec::general_argument_invalid);
  return read.error().detail;
}

} // namespace

TEST_CASE("an execution comes as a form as it comes as JSON") {
  auto read = execution_of({{"path", "a?b"},
                            {"method", "PUT"},
                            {"headers", R"({"x-a":"1","x-b":["2","3"]})"},
                            {"timeout", "2.5"},
                            {"image", "node:v2-18.0"},
                            {"source", "/s.tar.gz"},
                            {"variables", R"({"A":1})"},
                            {"cpus", "0.5"},
                            {"memory", "256"},
                            {"logging", "false"},
                            {"restartPolicy", "always"},
                            {"unknown", "\xFF"}});
  REQUIRE(read);
  CHECK(read->path == "/a?b");
  CHECK(read->method == "PUT");
  CHECK(read->headers.size() == 3);
  CHECK(read->timeout == 2500ms);
  CHECK(read->runtime.version == generation::v2);
  CHECK(read->runtime.variables == variable_list{{"A", "1"}});
  CHECK(read->runtime.cpus == 0.5);
  CHECK(read->runtime.memory_mb == 256);
  CHECK(read->runtime.restart_policy == "always");
  CHECK_FALSE(read->logging);
}

TEST_CASE("a form's body may be binary, and is never copied") {
  std::string bytes;
  for (int i = 0; i < 100'000; ++i)
    bytes += static_cast<char>(i * 7);
  auto read = execution_of({{"body", bytes}});
  REQUIRE(read);
  CHECK(read->body == bytes);
  CHECK(read->body.data() >= read->buffer->data());
  CHECK(read->body.data() + read->body.size() <= read->buffer->data() + read->buffer->size());
  CHECK(execution_of({{"payload", bytes}})->body == bytes);
}

TEST_CASE("what PHP writes for null, false and empty maps is understood") {
  auto read =
      execution_of({{"headers", "[]"}, {"variables", "[]"}, {"timeout", ""}, {"logging", ""}, {"image", ""}});
  REQUIRE(read);
  CHECK(read->timeout == 15s);
  CHECK_FALSE(read->logging);
  CHECK(execution_of({{"logging", "1"}})->logging);
}

TEST_CASE("of a part that comes twice the last counts") {
  CHECK(execution_of({{"path", "/a"}, {"path", "/b"}})->path == "/b");
}

TEST_CASE("a form's parameters keep the same rules as JSON's") {
  CHECK(refusal({{"timeout", "soon"}}).find("\"timeout\"") != std::string::npos);
  CHECK(refusal({{"method", "TRACE"}}).find("\"method\"") != std::string::npos);
  CHECK(refusal({{"headers", "{"}}).find("\"headers\"") != std::string::npos);
  CHECK(refusal({{"headers", std::string("{}\0{", 4)}}).find("\"headers\"") != std::string::npos);
  CHECK(refusal({{"headers", "1"}}).find("\"headers\"") != std::string::npos);
  CHECK(refusal({{"variables", "[1]"}}).find("\"variables\"") != std::string::npos);
  CHECK(refusal({{"path", "/\xFF"}}).find("\"path\" must be UTF-8") != std::string::npos);
  CHECK(refusal({{"entrypoint", std::string("a\0b", 3)}}).find("\"entrypoint\"") != std::string::npos);
  CHECK(refusal({{"body", std::string(max_execution_body + 1, 'x')}}).find("\"body\"") != std::string::npos);
}

TEST_CASE("a create comes as a form, commands as JSON text") {
  auto read = decode_creation(form({{"runtimeId", "one"},
                                    {"image", "node:v5-18.0"},
                                    {"commands", R"(["sh","-c","make"])"},
                                    {"workdir", "/w"},
                                    {"remove", "true"}}),
                              both);
  REQUIRE(read);
  CHECK(read->commands.size() == 3);
  CHECK(read->workdir == "/w");
  CHECK(read->remove_when_done);
  CHECK_FALSE(decode_creation(form({{"runtimeId", "x/../y"}, {"image", "i"}}), both));
  CHECK_FALSE(decode_creation(form({}), both));
}

TEST_CASE("commands and first-generation executions come as forms, too") {
  CHECK(decode_command(form({{"command", "ls"}, {"timeout", "3"}}), "one")->timeout == 3s);
  auto read = decode_first_execution(form({{"runtimeId", "one"}, {"payload", "p"}}), both);
  REQUIRE(read);
  CHECK(read->runtime.runtime_id == "one");
  CHECK(read->body == "p");
}

TEST_CASE("a form whose boundary isn't named, or isn't there, runs nothing") {
  auto body = form({{"path", "/a"}});
  for (const auto* type : {"multipart/form-data", "multipart/form-data; boundary=y"}) {
    auto read = decode_execution({body.bytes, type}, "one", both);
    REQUIRE_FALSE(read);
    CHECK(read.error().code == ec::general_argument_invalid);
  }
}

TEST_CASE("what isn't a form is JSON, whatever it is called") {
  for (const auto* type :
       {"", "text/plain", "application/x-www-form-urlencoded", "multipart/mixed; boundary=x", ";;"})
    CHECK(decode_execution({R"({"path":"/a"})", type}, "one", both)->path == "/a");
  CHECK_FALSE(decode_execution({form({{"path", "/a"}}).bytes, "application/json"}, "one", both));
}
