#include "core/header_list.hpp"
#include "http/api/answer/encode_execution.hpp"
#include "http/api/multipart.hpp"

#include <catch2/catch.hpp>
#include <rapidjson/document.h>

#include <map>

using namespace opr;
using namespace opr::http;

namespace {

const answer_format json_format{true, false, {}};
const answer_format json_lists{true, true, {}};
const answer_format form_format{false, false, {}};

execution_result some_answer() {
  execution_result made;
  made.status_code = 201;
  made.headers = {{"set-cookie", "x"}, {"a", "1"}, {"set-cookie", "y"}};
  made.body = "body";
  made.logs = "l\xFF";
  made.duration = 0.25;
  made.start_time = 1767225600.5;
  return made;
}

rapidjson::Document parsed(const std::string& text) {
  rapidjson::Document json;
  json.Parse<rapidjson::kParseValidateEncodingFlag>(text.c_str());
  REQUIRE_FALSE(json.HasParseError());
  return json;
}

rapidjson::Document json_of(const execution_result& made, const answer_format& wanted = json_format) {
  auto answer = encode_execution(made, wanted, false);
  CHECK(*find_header(answer.headers, "content-type") == "application/json");
  return parsed(answer.body);
}

std::map<std::string, std::string> form_of(const execution_result& made) {
  auto answer = encode_execution(made, form_format, false);
  REQUIRE(answer.status == 200);
  auto type = *find_header(answer.headers, "content-type");
  auto parts = parse_form(answer.body, *form_boundary(type));
  REQUIRE(parts);
  std::map<std::string, std::string> found;
  for (const auto& part : *parts)
    found.emplace(part.name, part.content);
  REQUIRE(found.size() == parts->size());
  return found;
}

} // namespace

TEST_CASE("an execution's answer has all its keys, as JSON") {
  auto json = json_of(some_answer());
  CHECK(json["statusCode"] == 201);
  CHECK(json["headers"]["a"] == "1");
  CHECK(json["body"] == "body");
  CHECK(std::string(json["logs"].GetString()) == "l\xEF\xBF\xBD");
  CHECK(json["errors"] == "");
  CHECK(json["duration"] == 0.25);
  CHECK(json["startTime"] == 1767225600.5);
}

TEST_CASE("an execution's answer has all its keys, as a form") {
  auto form = form_of(some_answer());
  CHECK(form.size() == 7);
  CHECK(form["statusCode"] == "201");
  CHECK(parsed(form["headers"])["a"] == "1");
  CHECK(form["body"] == "body");
  CHECK(form["errors"].empty());
  CHECK(form["duration"] == "0.25");
  CHECK(form["startTime"] == "1767225600.5");
}

TEST_CASE("a header that came several times has its last value, or from 0.11.0 on all of them") {
  CHECK(json_of(some_answer())["headers"]["set-cookie"] == "y");
  auto lists = json_of(some_answer(), json_lists);
  REQUIRE(lists["headers"]["set-cookie"].IsArray());
  CHECK(lists["headers"]["set-cookie"][0] == "x");
  CHECK(lists["headers"]["set-cookie"][1] == "y");
  CHECK(lists["headers"]["a"] == "1");
  CHECK(parsed(form_of(some_answer())["headers"])["set-cookie"] == "y");
}

TEST_CASE("header values that are no UTF-8 don't break JSON") {
  auto made = some_answer();
  made.headers = {{"a", "\xE4"}, {"a", "\xFF"}, {"b\xFF", "1"}};
  CHECK(std::string(json_of(made)["headers"]["a"].GetString()) == "\xEF\xBF\xBD");
  CHECK(json_of(made, json_lists)["headers"]["a"].Size() == 2);
}

TEST_CASE("a function that sends thousands of headers of one name holds nobody up") {
  execution_result made;
  made.headers.assign(20'000, {"a", "1"});
  CHECK(json_of(made, json_lists)["headers"]["a"].Size() == 20'000);
}

TEST_CASE("a body that is no UTF-8 has no place in JSON") {
  auto made = some_answer();
  made.body = "\xFF";
  auto answer = encode_execution(made, json_format, false);
  CHECK(answer.status == 400);
  CHECK(parsed(answer.body)["type"] == "execution_bad_json");
}

TEST_CASE("a form carries any bytes") {
  auto made = some_answer();
  made.body.clear();
  for (int i = 0; i < 1000; ++i)
    made.body += static_cast<char>(i);
  made.body += "\r\n--\r\n";
  CHECK(form_of(made)["body"] == made.body);
  made.body.clear();
  CHECK(form_of(made)["body"].empty());
}

TEST_CASE("a function can't foresee the boundary of its answer's form") {
  auto boundary = [] {
    return *find_header(encode_execution(some_answer(), form_format, false).headers, "content-type");
  };
  CHECK(boundary() != boundary());
  CHECK(boundary().size() == std::string("multipart/form-data; boundary=").size() + 32);
}

TEST_CASE("the first generation's answer is cut between characters") {
  execution_result made;
  made.status_code = 500;
  made.body = std::string(999'999, 'x') + "\xC3\xA4";
  auto json = parsed(encode_first_execution(made).body);
  CHECK(json["status"] == "failed");
  CHECK(json["statusCode"] == 500);
  CHECK(json["response"].GetStringLength() == 999'999);
  for (const auto* key : {"stdout", "stderr", "duration"})
    CHECK(json.HasMember(key));
  made.status_code = 499;
  CHECK(parsed(encode_first_execution(made).body)["status"] == "completed");
}
