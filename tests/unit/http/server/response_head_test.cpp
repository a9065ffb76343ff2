#include "http/server/wire/response_head.hpp"

#include <catch2/catch.hpp>

using namespace opr::http;
using Catch::Matchers::Contains;

namespace {

std::string head_of(const response& answer, request_facts asked = {}, body_length length = body_length::sized,
                    bool close = false) {
  return response_head(answer, asked, length, close, "Test");
}

constexpr request_facts to_head{false, true, true};
constexpr request_facts to_1_0{true, false, true};

} // namespace

TEST_CASE("an answer names its server, its date and its length", "[http][answer]") {
  const auto head = head_of({200, {{"X", "y"}}, "12345"});
  CHECK_THAT(head, Catch::Matchers::StartsWith("HTTP/1.1 200 OK\r\nServer: Test\r\nDate: "));
  CHECK_THAT(head, Contains(" GMT\r\nX: y\r\nContent-Length: 5\r\n\r\n"));
  CHECK_THAT(head, !Contains("Connection"));
}

TEST_CASE("a field that would break out of its line is dropped, whole", "[http][answer]") {
  using namespace std::string_literals;
  const auto field = GENERATE(opr::header_field{"X", "a\r\nEvil: 1"}, opr::header_field{"X", "a\nEvil: 1"},
                              opr::header_field{"X", "a\rEvil: 1"}, opr::header_field{"X", "Evil\0"s},
                              opr::header_field{"X: b\r\nEvil", "1"}, opr::header_field{"Evil ", "1"},
                              opr::header_field{"", "Evil"}, opr::header_field{"Evil:", "1"});
  CHECK_THAT(head_of({200, {field}, ""}), !Contains("Evil"));
}

TEST_CASE("an application can't contradict the connection", "[http][answer]") {
  const auto head = head_of({200,
                             {{"content-length", "99"},
                              {"Transfer-Encoding", "gzip"},
                              {"connection", "upgrade"},
                              {"SERVER", "other"},
                              {"date", "never"}},
                             "abc"});
  for (const auto* word : {"99", "gzip", "upgrade", "other", "never"})
    CHECK_THAT(head, !Contains(word));
  CHECK_THAT(head, Contains("Content-Length: 3\r\n"));
}

TEST_CASE("an answer that comes from elsewhere keeps its server and date", "[http][answer]") {
  const response passed{200, {{"server", "other"}, {"date", "then"}}, ""};
  const auto head = response_head(passed, {}, body_length::sized, false, "");
  CHECK_THAT(head, Contains("server: other\r\ndate: then\r\n"));
  CHECK_THAT(head, !Contains("Date: "));
  CHECK_THAT(response_head({200, {}, ""}, {}, body_length::sized, false, ""), Contains("Date: "));
}

TEST_CASE("an answer promises a length only once, and in digits", "[http][answer]") {
  CHECK(promised_length({200, {{"Content-Length", "12"}}, ""}) == 12U);
  CHECK(promised_length({200, {}, ""}) == std::nullopt);
  CHECK(promised_length({204, {{"Content-Length", "12"}}, ""}) == std::nullopt);
  CHECK(promised_length({200, {{"Content-Length", "12x"}}, ""}) == std::nullopt);
  CHECK(promised_length({200, {{"Content-Length", "12"}, {"content-length", "13"}}, ""}) == std::nullopt);
  CHECK_THAT(head_of({200, {{"Content-Length", "12"}}, ""}, {}, body_length::promised),
             Contains("Content-Length: 12\r\n"));
}

TEST_CASE("repeated fields are all sent", "[http][answer]") {
  CHECK_THAT(head_of({200, {{"Set-Cookie", "a"}, {"Set-Cookie", "b"}}, ""}),
             Contains("Set-Cookie: a\r\nSet-Cookie: b\r\n"));
}

TEST_CASE("an answer to HEAD tells the length of what it leaves out", "[http][answer]") {
  CHECK_THAT(head_of({200, {}, "12345"}, to_head), Contains("Content-Length: 5\r\n"));
  CHECK_THAT(head_of({200, {{"Content-Length", "77"}}, ""}, to_head), Contains("Content-Length: 77\r\n"));
  CHECK_THAT(head_of({200, {{"Content-Length", "7x"}}, ""}, to_head), Contains("Content-Length: 0\r\n"));
  CHECK_FALSE(has_body(200, to_head));
}

TEST_CASE("answers that can't have a body don't announce one", "[http][answer]") {
  CHECK_THAT(head_of({204, {}, ""}), !Contains("Content-Length"));
  CHECK_THAT(head_of({304, {}, ""}), !Contains("Content-Length"));
  CHECK_THAT(head_of({304, {{"Content-Length", "77"}}, ""}), Contains("Content-Length: 77\r\n"));
  CHECK_FALSE(has_body(204, {}));
  CHECK_FALSE(has_body(304, {}));
}

TEST_CASE("the end of a streamed answer fits the client's version", "[http][answer]") {
  CHECK(streamed_length({}) == body_length::chunked);
  CHECK(streamed_length(to_1_0) == body_length::until_close);
  CHECK_THAT(head_of({}, {}, body_length::chunked), Contains("Transfer-Encoding: chunked\r\n"));
  CHECK_THAT(head_of({}, to_1_0, body_length::until_close, true), !Contains("Content-Length") &&
                                                                      !Contains("Transfer-Encoding") &&
                                                                      Contains("Connection: close\r\n"));
}

TEST_CASE("an HTTP/1.0 client that wants to stay is told that it may", "[http][answer]") {
  CHECK_THAT(head_of({}, to_1_0), Contains("Connection: keep-alive\r\n"));
  CHECK_THAT(head_of({}, to_1_0, body_length::sized, true), Contains("Connection: close\r\n"));
}

TEST_CASE("a status that is none becomes a 500, one without a name is sent all the same", "[http][answer]") {
  CHECK_THAT(head_of({0, {}, ""}), Contains("HTTP/1.1 500 Internal Server Error\r\n"));
  CHECK_THAT(head_of({100, {}, ""}), Contains("HTTP/1.1 500"));
  CHECK_THAT(head_of({299, {}, ""}), Contains("HTTP/1.1 299 "));
}

TEST_CASE("a chunk's length is hexadecimal", "[http][answer]") { CHECK(chunk_head(255) == "ff\r\n"); }
