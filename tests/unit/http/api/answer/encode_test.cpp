#include "core/header_list.hpp"
#include "http/api/answer/encode.hpp"
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

TEST_CASE("without the key health passes, or says why not, and no more") {
  CHECK(encode_health("", nullptr).body == "{\"status\":\"pass\"}");
  auto failed = encode_health("why", nullptr);
  CHECK(failed.status == 503);
  CHECK(parsed(failed)["status"] == "fail");
  CHECK(parsed(failed)["message"] == "why");
}

TEST_CASE("with the key health tells the figures, under the names of both generations") {
  usage_figures usage;
  usage.host = 12.5;
  usage.runtimes = {{"one", 1.25}, {"two", 0}};
  auto json = parsed(encode_health("", &usage));
  CHECK(json["usage"] == 12.5);
  CHECK(json["runtimes"]["one"]["status"] == "pass");
  CHECK(json["runtimes"]["one"]["usage"] == 1.25);
  CHECK(json["runtimes"]["two"]["usage"] == 0.0);
  CHECK(json["hostUsage"] == 12.5);
  CHECK(json["functionsUsage"]["one"] == 1.25);
  CHECK(parsed(encode_health("why", &usage))["usage"] == 12.5);
  CHECK_FALSE(json.HasMember("refused"));
  usage.refused = {{"runtimes", 3}};
  CHECK(parsed(encode_health("", &usage))["refused"]["runtimes"] == 3);
  CHECK(parsed(encode_health("", &(usage = {})))["runtimes"].ObjectEmpty());
}

TEST_CASE("a command's output is UTF-8 whatever it printed") {
  CHECK(std::string(parsed(encode_command("a\xFF\n"))["output"].GetString()) == "a\xEF\xBF\xBD\n");
}
