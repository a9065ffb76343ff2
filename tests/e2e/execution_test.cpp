#include "executor_under_test.hpp"

#include <catch2/catch.hpp>

using namespace opr;
using namespace opr::test;
using namespace std::chrono_literals;

TEST_CASE("20 MB go in and come out unchanged") {
  executor_under_test executor;
  std::string body(20 * 1024 * 1024, 'x');
  auto answer = executor.execute(
      "one", executor.cold("large").with("method", "POST").with("body", body).with("timeout", 60.0));
  REQUIRE(answer.status == 200);
  CHECK(answer.string("body") == body);
  auto too_much = executor.execute("one", object{}.with("body", body + "x"));
  CHECK(too_much.status == 400);
  CHECK(too_much.string("type") == "general_argument_invalid");
}

TEST_CASE("a binary answer doesn't fit into JSON, and says so") {
  executor_under_test executor;
  auto answer = executor.execute("one", executor.cold("binary"));
  CHECK(answer.status == 400);
  CHECK(answer.string("type") == "execution_bad_json");
}

TEST_CASE("logs and errors of an execution come from its files, which are gone afterwards") {
  executor_under_test executor;
  auto answer = executor.execute("one", executor.cold("logs").with("path", "/?lines=3"));
  REQUIRE(answer.status == 200);
  CHECK(answer.string("logs").find("Line 2.") != std::string::npos);
  CHECK(answer.string("errors").find("An error line.") != std::string::npos);
  auto cut = executor.execute("one", object{}.with("path", "/?bytes=6000000"));
  REQUIRE(cut.status == 200);
  CHECK(cut.string("logs").size() == 5 * 1024 * 1024 + 39);
  CHECK(cut.string("logs").find("\nLog file has been truncated to 5.00MB.") != std::string::npos);
  auto quiet = executor.execute("one", object{}.with("logging", false));
  CHECK(quiet.string("logs").empty());
  CHECK(output_of("find " + executor.data_dir() + " -name '*_logs.log'").empty());
}

TEST_CASE("a log id that leads out of its folder reads nothing") {
  executor_under_test executor;
  auto parameters = executor.cold("hostile");
  for (const auto* attack :
       {"/?id=..%2F..%2F..%2Fetc%2Fpasswd", "/?link=%2Fetc%2Fpasswd", "/?fifo", "/?folder"}) {
    auto answer = executor.execute("one", object{parameters}.with("path", attack).with("timeout", 10.0));
    INFO(answer.text);
    REQUIRE(answer.status == 200);
    CHECK(answer.string("body") == "attacked");
    CHECK(answer.string("logs").empty());
    CHECK(answer.string("errors").empty());
  }
}

TEST_CASE("a slow function ends by its own time-out, which the runtime reports") {
  executor_under_test executor;
  REQUIRE(
      executor.execute("one", executor.cold("slow").with("path", "/?ms=1").with("timeout", 60.0)).status ==
      200);
  auto answer = executor.execute("one", object{}.with("path", "/?ms=30000").with("timeout", 2.0));
  REQUIRE(answer.status == 200);
  CHECK(answer.number("statusCode") == 500);
  CHECK(answer.string("errors").find("Execution timed out.") != std::string::npos);
}

TEST_CASE("a function's own status, headers and path pass through") {
  executor_under_test executor;
  auto answer =
      executor.execute("one", executor.cold("env").with_json("variables", "{\"KEY\":\"value\",\"N\":1}"));
  INFO(answer.text);
  REQUIRE(answer.status == 200);
  CHECK(answer.string("body").find("value") != std::string::npos);
  auto headers =
      executor.execute("two", executor.cold("headers").with_json("headers", "{\"x-custom\":\"1\"}"));
  INFO(headers.text);
  REQUIRE(headers.status == 200);
  for (const auto& member : headers.json["headers"].GetObject())
    CHECK(std::string(member.name.GetString()).find("x-open-runtimes") == std::string::npos);
}

TEST_CASE("keys, routes and parameters are checked before anything happens") {
  executor_under_test executor;
  auto no_key = request("127.0.0.1", executor.port(), "GET", "/v1/runtimes");
  CHECK(no_key.status == 401);
  CHECK(no_key.body.find("Missing executor key") != std::string::npos);
  CHECK(no_key.header("server") == "Executor");
  CHECK(no_key.header("cache-control") == "no-cache, no-store, must-revalidate");
  CHECK(request("127.0.0.1", executor.port(), "GET", "/v1/health").body == "{\"status\":\"pass\"}");
  CHECK(executor.call("GET", "/v1/nothing").string("type") == "general_route_not_found");
  CHECK(executor.call("PUT", "/v1/runtimes").status == 405);
  for (const auto* body :
       {"", "null", "[]", "{", "{\"runtimeId\":\"x/../y\",\"image\":\"i\"}", "{\"runtimeId\":\"x\"}"}) {
    auto answer = executor.call("POST", "/v1/runtimes", body);
    CHECK(answer.status == 400);
    CHECK(answer.string("type") == "general_argument_invalid");
  }
  CHECK(executor.execute("x%2F..%2Fy").status == 400);
  CHECK(executor.nothing_left());
}
