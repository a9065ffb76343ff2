#include "net/http1/request_encoder.hpp"

#include <catch2/catch.hpp>

using namespace opr;
using namespace opr::net;

namespace {

struct silent_source final : body_source {
  void pull(std::function<void(std::string)>) override {}
};

std::string encoded(const outgoing& request) {
  std::string text = "what was there before";
  encode_head(text, request, "upstream:3000");
  return text;
}

} // namespace

TEST_CASE("a request without a body says nothing of one", "[net]") {
  outgoing request;
  request.method = GENERATE("GET", "HEAD", "DELETE", "OPTIONS");
  request.target = "/a?b=c";
  CHECK(encoded(request) == request.method + " /a?b=c HTTP/1.1\r\nHost: upstream:3000\r\n\r\n");
}

TEST_CASE("a method that carries a body by meaning says when there is none", "[net]") {
  outgoing request;
  request.method = GENERATE("POST", "PUT", "PATCH");
  CHECK(encoded(request) ==
        request.method + " / HTTP/1.1\r\nHost: upstream:3000\r\nContent-Length: 0\r\n\r\n");
}

TEST_CASE("any method may carry a body", "[net]") {
  outgoing request;
  request.body = "hello";
  CHECK(encoded(request) == "GET / HTTP/1.1\r\nHost: upstream:3000\r\nContent-Length: 5\r\n\r\n");
}

TEST_CASE("a streamed body is announced as chunked", "[net]") {
  outgoing request;
  request.method = "POST";
  request.stream = std::make_shared<silent_source>();
  CHECK(encoded(request) == "POST / HTTP/1.1\r\nHost: upstream:3000\r\nTransfer-Encoding: chunked\r\n\r\n");
}

TEST_CASE("the caller's own Host is kept, and not doubled", "[net]") {
  outgoing request;
  request.headers = {{"hOsT", "null"}};
  CHECK(encoded(request) == "GET / HTTP/1.1\r\nhOsT: null\r\n\r\n");
}

TEST_CASE("a caller can't decide on framing or on the connection", "[net]") {
  outgoing request;
  request.headers = {{"Content-length", "7"},
                     {"a", "1"},
                     {"TRANSFER-ENCODING", "chunked"},
                     {"Connection", "close"},
                     {"a", "2"}};
  request.body = "hello";
  CHECK(encoded(request) ==
        "GET / HTTP/1.1\r\nHost: upstream:3000\r\na: 1\r\na: 2\r\nContent-Length: 5\r\n\r\n");
}

TEST_CASE("the Host of an address", "[net]") {
  auto [where, host] = GENERATE(table<address, std::string>({{{"", "10.0.0.1", 3000}, "10.0.0.1:3000"},
                                                             {{"", "name", 80}, "name:80"},
                                                             {{"", "::1", 3000}, "[::1]:3000"},
                                                             {{"/run/x.sock", "", 0}, "localhost"}}));
  CHECK(host_of(where) == host);
}
