#include "http/proxy/fields.hpp"
#include "http/proxy/routing_fields.hpp"

#include <catch2/catch.hpp>

using namespace opr;
using namespace opr::http;

TEST_CASE("a caller's fields go on, his key and what is his connection's don't", "[proxy]") {
  const header_list fields{{"host", "functions.example"},
                           {"authorization", "Bearer callers"},
                           {"accept", "application/json"},
                           {"connection", "keep-alive, X-Private ,close"},
                           {"x-private", "1"},
                           {"keep-alive", "timeout=5"},
                           {"transfer-encoding", "chunked"},
                           {"content-length", "7"},
                           {"te", "trailers"},
                           {"trailer", "x-sum"},
                           {"upgrade", "websocket"},
                           {"expect", "100-continue"},
                           {"proxy-authorization", "Basic x"},
                           {"x-opr-runtime-id", "one"},
                           {"cookie", "a=1"},
                           {"cookie", "b=2"}};
  CHECK(fields_to_upstream(fields, "Bearer executors", "") ==
        "accept: application/json\r\nx-opr-runtime-id: one\r\ncookie: a=1\r\ncookie: b=2\r\n"
        "authorization: Bearer executors\r\n");
}

TEST_CASE("without a key for executors they get none, least of all the caller's", "[proxy]") {
  CHECK(fields_to_upstream({{"authorization", "Bearer callers"}}, "", "").empty());
}

TEST_CASE("in development the executor is named, whatever the caller says", "[proxy]") {
  const header_list fields{{"x-opr-executor-hostname", "forged"}};
  CHECK(fields_to_upstream(fields, "", "one:81") == "x-opr-executor-hostname: one:81\r\n");
}

TEST_CASE("an answer's fields go on, but for what is its connection's", "[proxy]") {
  header_list fields{
      {"content-type", "text/plain"}, {"connection", "x-hop, close"}, {"x-hop", "1"},
      {"set-cookie", "a=1"},          {"set-cookie", "b=2"},          {"transfer-encoding", "chunked"},
      {"content-length", "3"},        {"trailer", "x-sum"},           {"server", "nginx"}};
  strip_for_caller(fields);
  std::string names;
  for (const auto& field : fields)
    names += field.name + " ";
  CHECK(names == "content-type set-cookie set-cookie content-length server ");
}

TEST_CASE("no answer loses its length by naming it in its Connection", "[proxy]") {
  header_list fields{{"connection", "content-length"}, {"content-length", "3"}};
  strip_for_caller(fields);
  CHECK(content_length(fields) == 3);
}

TEST_CASE("only digits are a length", "[proxy]") {
  CHECK(content_length({{"content-length", "0"}}) == 0);
  for (const auto* bad : {"", "-1", "+1", "1 ", "0x1", "99999999999999999999999"})
    CHECK_FALSE(content_length({{"content-length", bad}}));
  CHECK_FALSE(content_length({}));
}

TEST_CASE("a request's routing fields are read, and are efficient by default", "[proxy]") {
  auto plain = read_routing_fields({});
  REQUIRE(plain);
  CHECK(plain->runtime_id.empty());
  CHECK(plain->method == addressing::efficient);
  auto full = read_routing_fields({{"x-opr-runtime-id", "one"}, {"x-opr-addressing-method", "broadcast"}});
  REQUIRE(full);
  CHECK(full->runtime_id == "one");
  CHECK(full->method == addressing::broadcast);
}

TEST_CASE("an addressing method that isn't known is refused, not guessed", "[proxy]") {
  CHECK(read_routing_fields({{"x-opr-addressing-method", "multicast"}}).error().code ==
        ec::general_argument_invalid);
  CHECK(read_routing_fields({{"x-opr-runtime-id", std::string(256, 'x')}}).error().code ==
        ec::general_argument_invalid);
}
