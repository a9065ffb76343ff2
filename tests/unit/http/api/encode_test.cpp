#include "core/header_list.hpp"
#include "http/api/encode.hpp"
#include "http/api/error_table.hpp"

#include <catch2/catch.hpp>
#include <rapidjson/document.h>

using namespace opr;
using namespace opr::http;

namespace {

rapidjson::Document parsed(const response& answer) {
  rapidjson::Document json;
  json.Parse<rapidjson::kParseValidateEncodingFlag>(answer.body.c_str());
  REQUIRE_FALSE(json.HasParseError());
  return json;
}

} // namespace

TEST_CASE("an error says type, message, code and version, and is not cached") {
  auto answer = encode_error({ec::runtime_not_found, {}}, false);
  CHECK(answer.status == 404);
  auto json = parsed(answer);
  CHECK(json["type"] == "runtime_not_found");
  CHECK(json["message"] == "Runtime not found");
  CHECK(json["code"] == 404);
  CHECK(json["version"] == OPR_VERSION);
  CHECK(*find_header(answer.headers, "cache-control") == "no-cache, no-store, must-revalidate");
  CHECK(*find_header(answer.headers, "expires") == "0");
  CHECK(*find_header(answer.headers, "pragma") == "no-cache");
}

TEST_CASE("the detail of an unexpected fault leaves the executor in development only") {
  CHECK(std::string(parsed(encode_error({ec::general_unknown, "secret"}, false))["message"].GetString()) ==
        "Internal server error.");
  CHECK(std::string(parsed(encode_error({ec::general_unknown, "secret"}, true))["message"].GetString()) ==
        "secret");
}

TEST_CASE("an error's message is UTF-8 whatever its detail") {
  CHECK(std::string(parsed(encode_error({ec::build_failed, "a\xFF"}, false))["message"].GetString()) ==
        "a\xEF\xBF\xBD");
}

TEST_CASE("every error is one that clients know") {
  for (const auto& row : error_table) {
    CHECK(row.status >= 400);
    CHECK_FALSE(row.type.empty());
    CHECK_FALSE(row.message.empty());
  }
}

TEST_CASE("an execution's answer has all its keys") {
  execution_result result;
  result.status_code = 201;
  result.headers = {{"a", "1"}, {"set-cookie", "x"}, {"set-cookie", "y"}};
  result.body = "body";
  result.logs = "l\xFF";
  result.duration = 0.25;
  auto json = parsed(encode_execution(result, false));
  CHECK(json["statusCode"] == 201);
  CHECK(json["headers"]["set-cookie"] == "y");
  CHECK(json["body"] == "body");
  CHECK(std::string(json["logs"].GetString()) == "l\xEF\xBF\xBD");
  CHECK(json["errors"] == "");
  CHECK(json["duration"] == 0.25);
  CHECK(json.HasMember("startTime"));
}

TEST_CASE("a body that is no UTF-8 has no place in JSON") {
  execution_result result;
  result.body = "\xFF";
  auto answer = encode_execution(result, false);
  CHECK(answer.status == 400);
  CHECK(parsed(answer)["type"] == "execution_bad_json");
}

TEST_CASE("the first generation's answer is cut between characters") {
  execution_result result;
  result.status_code = 500;
  result.body = std::string(999'999, 'x') + "\xC3\xA4";
  auto json = parsed(encode_first_execution(result));
  CHECK(json["status"] == "failed");
  CHECK(json["response"].GetStringLength() == 999'999);
}

TEST_CASE("a runtime is listed without its secret, under the contract's names") {
  runtime_facts facts;
  facts.runtime_id = "one";
  auto json = parsed(encode_runtimes({facts}));
  REQUIRE(json.Size() == 1);
  CHECK(json[0]["key"] == "");
  for (const auto* key :
       {"version", "created", "updated", "name", "hostname", "status", "listening", "image", "initialised"})
    CHECK(json[0].HasMember(key));
  CHECK(encode_runtimes({}).body == "[]");
}

TEST_CASE("a build's answer has the first generation's keys only where they are read") {
  created_runtime made;
  made.output = {{"t", "a"}, {"t", "b"}};
  made.path = "/p.gz";
  made.size = 3;
  auto plain = parsed(encode_created(made, false));
  CHECK(plain["path"] == "/p.gz");
  CHECK(plain["size"] == 3);
  CHECK(plain["output"].Size() == 2);
  CHECK_FALSE(plain.HasMember("stdout"));
  auto first = parsed(encode_created(made, true));
  CHECK(first["stdout"] == "ab");
  CHECK(first["status"] == "ready");
  CHECK(first["endTimeUnix"].IsInt64());
  CHECK_FALSE(parsed(encode_created({}, false)).HasMember("path"));
}

TEST_CASE("health passes, or says why not") {
  CHECK(encode_health("").body == "{\"status\":\"pass\"}");
  CHECK(encode_health("why").status == 503);
  CHECK(parsed(encode_health("why"))["status"] == "fail");
}
