#include "actors/proxy/redis/entry.hpp"

#include <catch2/catch.hpp>

#include <limits>

using namespace opr;
using namespace opr::redis;

TEST_CASE("entries are written as other proxies read them", "[redis]") {
  CHECK(executors_key == "{executors}");
  CHECK(runtimes_key("exc1:9900") == "{executors-runtimes}:exc1:9900");
  CHECK(encode_executor({true, 12.5, {}}) == R"({"status":"online","usage":12.5})");
  CHECK(encode_executor({false, 0, {}}) == R"({"status":"offline","usage":0.0})");
  CHECK(encode_runtime({true, 100}) == R"({"status":"pass","usage":100.0})");
  CHECK(encode_runtime({false, 1.0 / 3}) == R"({"status":"offline","usage":0.33})");
  CHECK(encode_runtime({true, std::numeric_limits<double>::quiet_NaN()}) ==
        R"({"status":"pass","usage":0.0})");
}

TEST_CASE("an entry is read whoever has written it", "[redis]") {
  auto [text, online, usage] = GENERATE(table<std::string, bool, double>({
      {R"({"status":"online","usage":12.5})", true, 12.5},
      {R"({ "usage": 7, "status": "offline", "more": [1] })", false, 7},
      {R"({"status":"online"})", true, 0},
      {R"({"status":"online","usage":null})", true, 0},
      {R"({"status":"online","usage":-3})", true, 0},
      {R"({"status":"online","usage":1e300})", true, 100},
  }));
  CAPTURE(text);
  auto read = decode_executor(text);
  REQUIRE(read);
  CHECK(read->online == online);
  CHECK(read->usage == usage);
}

TEST_CASE("a runtime passes or is offline", "[redis]") {
  CHECK(decode_runtime(R"({"status":"pass","usage":3})")->passes);
  CHECK_FALSE(decode_runtime(R"({"status":"offline","usage":3})")->passes);
  CHECK_FALSE(decode_runtime(R"({"status":"online","usage":3})"));
}

TEST_CASE("what is no entry is nothing", "[redis]") {
  auto text = GENERATE(
      as<std::string>{}, "", "online", "null", "[]", "{}", "{", R"({"status":1})", R"({"status":"pass"})",
      R"({"status":"ONLINE"})", R"({"status":"online","usage":"5"})", R"({"status":"online","usage":1e999})",
      R"({"status":"online","usage":NaN})", R"({"status":"online"} {})", "{\"status\":\"online\",\"\xff\":1}",
      std::string(100000, '['), R"({"status":"online","more":")" + std::string(2000, 'x') + "\"}");
  CAPTURE(text.substr(0, 80));
  CHECK_FALSE(decode_executor(text));
}

TEST_CASE("names are short and visible", "[redis]") {
  CHECK(is_name("exc1.internal:9900"));
  CHECK(is_name(std::string(255, 'a')));
  auto text = GENERATE(as<std::string>{}, "", "a b", "a\n", std::string("a\0b", 3), "\x7f", "\xc3\xa9",
                       std::string(256, 'a'));
  CHECK_FALSE(is_name(text));
}
