#include "actors/executor/protocol.hpp"

#include <catch2/catch.hpp>

using namespace opr;
using namespace std::chrono_literals;

namespace {

const time_point noon{1000s};

execution_ptr call_with(execution_request request) {
  return std::make_shared<execution_call>(std::move(request), noon, [](const result<execution_result>&) {});
}

runtime_link link_of(generation version) {
  runtime_link link;
  link.version = version;
  link.secret = "s3cret";
  link.headers = link_headers(link.secret);
  return link;
}

std::string header(const header_list& headers, const char* name) {
  const auto* found = find_header(headers, name);
  return found == nullptr ? "(none)" : *found;
}

} // namespace

TEST_CASE("a v5 runtime gets the function's request and its own headers") {
  execution_request request;
  request.method = "PUT";
  request.path = "/a?b=c";
  request.headers = {{"X-Custom", "1"}};
  request.body = "body";
  request.logging = false;
  auto out = encode_for_runtime(call_with(request), link_of(generation::v5), noon + 2500ms);
  CHECK(out.method == "PUT");
  CHECK(out.target == "/a?b=c");
  CHECK(out.body == "body");
  CHECK(header(out.headers, "x-custom") == "1");
  CHECK(out.more_headers == "Authorization: Basic b3ByOnMzY3JldA==\r\nx-open-runtimes-secret: s3cret\r\n"
                            "x-open-runtimes-timeout: 13\r\nx-open-runtimes-logging: disabled\r\n");
  CHECK(out.deadline == noon + 20s);
}

TEST_CASE("a runtime is never told less than one second") {
  auto out = encode_for_runtime(call_with({}), link_of(generation::v5), noon + 14900ms);
  CHECK(out.more_headers.find("x-open-runtimes-timeout: 1\r\n") != std::string::npos);
}

TEST_CASE("a caller can't set what belongs to the executor or to the connection") {
  for (const auto* name : {"x-open-runtimes-secret", "X-Open-Runtimes-Anything", "Authorization",
                           "content-length", "Transfer-Encoding", "Connection", "expect", "Upgrade"})
    CHECK_FALSE(passes_to_function(name));
  CHECK(passes_to_function("host"));
  CHECK(passes_to_function("cookie"));
}

TEST_CASE("a v2 runtime gets one JSON object") {
  execution_request request;
  request.body = "pay\"load";
  request.runtime.variables = {{"KEY", "value"}};
  auto out = encode_for_runtime(call_with(request), link_of(generation::v2), noon);
  CHECK(out.method == "POST");
  CHECK(out.body == R"({"variables":{"KEY":"value"},"payload":"pay\"load","headers":{}})");
  CHECK(header(out.headers, "x-internal-challenge") == "s3cret");
  CHECK(header(out.headers, "host") == "null");
  CHECK(out.deadline == noon + 15s);
}

TEST_CASE("a v2 answer's response may be any JSON") {
  auto text =
      decode_from_runtime(generation::v2, {200, {}}, R"({"response":"plain","stdout":"o","stderr":"e"})");
  REQUIRE(text);
  CHECK(text->body == "plain");
  CHECK(text->logs == "o");
  CHECK(text->errors == "e");
  auto object = decode_from_runtime(generation::v2, {200, {}}, R"({"response":{"a":[1]}})");
  REQUIRE(object);
  CHECK(object->body == R"({"a":[1]})");
}

TEST_CASE("a v2 answer that is no JSON object is a failure, or the error of a failed function") {
  CHECK(decode_from_runtime(generation::v2, {200, {}}, "[]").error().code == ec::runtime_failed);
  CHECK(decode_from_runtime(generation::v2, {200, {}}, std::string(100000, '[')).error().code ==
        ec::runtime_failed);
  CHECK(decode_from_runtime(generation::v2, {200, {}}, R"({"response":)" + std::string(1'000'000, '['))
            .error()
            .code == ec::runtime_failed);
  CHECK(decode_from_runtime(generation::v2, {200, {}},
                            R"({"response":)" + std::string(500'000, '[') + std::string(500'000, ']') + "}")
            .error()
            .code == ec::runtime_failed);
  auto failed = decode_from_runtime(generation::v2, {500, {}}, "boom");
  REQUIRE(failed);
  CHECK(failed->status_code == 500);
  CHECK(failed->errors == "boom");
}

TEST_CASE("the runtime's own headers stay between it and the executor") {
  auto made =
      decode_from_runtime(generation::v5, {201, {{"x-open-runtimes-log-id", "1"}, {"x-a", "b"}}}, "body");
  REQUIRE(made);
  CHECK(made->status_code == 201);
  REQUIRE(made->headers.size() == 1);
  CHECK(made->headers[0].name == "x-a");
}

TEST_CASE("a log id that could lead out of the folder is none") {
  auto id = [](std::string text) { return log_id({200, {{"x-open-runtimes-log-id", std::move(text)}}}); };
  CHECK(id("abc_DEF-123") == "abc_DEF-123");
  for (const auto* bad : {"", "..", "../../etc/passwd", "a/b", "a.b", "a b", "a%2fb"})
    CHECK_FALSE(id(bad));
  CHECK_FALSE(id(std::string(200, 'a')));
  CHECK_FALSE(id(std::string("a\0b", 3)));
}

TEST_CASE("Basic credentials of any length are padded right") {
  CHECK(basic_auth("") == "Basic b3ByOg==");
  CHECK(basic_auth("a") == "Basic b3ByOmE=");
  CHECK(basic_auth("ab") == "Basic b3ByOmFi");
}
