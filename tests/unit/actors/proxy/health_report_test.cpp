#include "actors/proxy/health_report.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace opr;

TEST_CASE("an executor's health brings its figures", "[health]") {
  auto got = read_health(200, R"({"status": "pass", "usage": 42.5, "runtimes": {
    "one": {"status": "pass", "usage": 7}, "two": {"status": "offline", "usage": 250}}})");
  CHECK(got.trouble.empty());
  CHECK(got.shown.online);
  CHECK(got.shown.usage == 42.5);
  CHECK(got.lists_runtimes);
  REQUIRE(got.shown.runtimes.size() == 2);
  CHECK(got.shown.runtimes["one"].passes);
  CHECK(got.shown.runtimes["one"].usage == 7);
  CHECK_FALSE(got.shown.runtimes["two"].passes);
  CHECK(got.shown.runtimes["two"].usage == 100);
}

TEST_CASE("the first generation's figures are understood", "[health]") {
  auto got = read_health(200, R"({"status": "pass", "hostUsage": 12, "functionsUsage": {"one": 3.5}})");
  CHECK(got.shown.usage == 12);
  CHECK(got.shown.runtimes["one"].usage == 3.5);
  CHECK(got.shown.runtimes["one"].passes);
}

TEST_CASE("a list without runtimes says that there are none", "[health]") {
  CHECK(read_health(200, R"({"status": "pass", "usage": 1, "runtimes": {}})").lists_runtimes);
  CHECK(read_health(200, R"({"status": "pass", "usage": 1, "runtimes": []})").lists_runtimes);
}

TEST_CASE("an older executor and any other server are online with a plain 200", "[health]") {
  const auto* body =
      GENERATE("OK", "", "<html>", "{\"status\":\"pass\"}", "[1]", "null", "{\"uptime\":3}", "{");
  auto got = read_health(200, body);
  CHECK(got.trouble.empty());
  CHECK(got.shown.online);
  CHECK_FALSE(got.lists_runtimes);
}

TEST_CASE("who doesn't pass is not online, and says why if he can", "[health]") {
  CHECK(read_health(200, R"({"status": "fail"})").trouble == "says that its status is not pass");
  CHECK(read_health(500, "oops").trouble == "answers 500");
  CHECK(read_health(503, R"({"status": "fail", "message": "The Docker Engine can't be reached."})").trouble ==
        "answers 503: The Docker Engine can't be reached.");
  CHECK(read_health(401, R"({"message": 3})").trouble == "answers 401");
  CHECK_FALSE(read_health(204, "").trouble.empty());
  CHECK_FALSE(read_health(503, "").shown.online);
}

TEST_CASE("nothing in a health answer is trusted", "[health]") {
  auto got = read_health(200, R"({"status": "pass", "usage": "9", "runtimes": {
    "": {"status": "pass"}, "a b": {"status": "pass"}, "a\nb": {}, "odd": 1e99, "neg": -5, "list": [], "ok": {}}})");
  CHECK(got.shown.online);
  CHECK(got.shown.usage == 0);
  CHECK(got.shown.runtimes.size() == 3);
  CHECK(got.shown.runtimes["odd"].usage == 100);
  CHECK(got.shown.runtimes["neg"].usage == 0);
  CHECK(got.shown.runtimes["ok"].passes);
}

TEST_CASE("deep nesting and bad bytes don't overturn the reader", "[health]") {
  CHECK(read_health(200, std::string(300000, '[')).shown.online);
  CHECK(read_health(503, "{\"message\": \"\xff\xfe\"}").trouble == "answers 503");
}
