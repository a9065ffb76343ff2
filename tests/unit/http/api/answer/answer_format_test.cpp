#include "http/api/answer/answer_format.hpp"

#include <catch2/catch.hpp>

using namespace opr;
using namespace opr::http;

namespace {

bool json_for(const std::string& accept) { return wanted_format({{"accept", accept}}).json; }

answer_format format_for(const std::string& version, const std::string& accept = "multipart/form-data") {
  return wanted_format({{"accept", accept}, {"x-executor-response-format", version}});
}

} // namespace

TEST_CASE("who asks for JSON gets JSON") {
  for (const auto* accept :
       {"application/json", "application/*", "application/json;q=0.5", "Application/JSON",
        "text/html, application/json", "text/html,application/*;q=0.1"})
    CHECK(json_for(accept));
  CHECK(wanted_format({{"accept", "text/html"}, {"accept", "application/json"}}).json);
}

TEST_CASE("who doesn't ask for JSON gets a form") {
  CHECK_FALSE(wanted_format({}).json);
  for (const auto* accept : {"*/*", "text/plain", "application/xml", "multipart/form-data", "", ",", "json",
                             "x-application/json", "text/html;a=application/json"})
    CHECK_FALSE(json_for(accept));
}

TEST_CASE("lists of header values come from 0.11.0 on, streams from 0.12.0 on") {
  CHECK_FALSE(wanted_format({}).lists);
  CHECK_FALSE(format_for("0.10.0").lists);
  CHECK_FALSE(format_for("0.10.99").lists);
  CHECK(format_for("0.11.0").lists);
  CHECK(format_for("0.11.0", "application/json").lists);
  CHECK(format_for("0.11.9").streamed.empty());
  CHECK(format_for("0.12.0").streamed == "0.12.0");
  CHECK(format_for("0.12.0").lists);
  CHECK(format_for("0.12").streamed == "0.12");
  CHECK(format_for("1.0.0").streamed == "1.0.0");
  CHECK(format_for("0.100.0").streamed == "0.100.0");
}

TEST_CASE("JSON never streams") { CHECK(format_for("0.12.0", "application/json").streamed.empty()); }

TEST_CASE("a version that can't be read is the oldest") {
  for (const auto* bad : {"", "x", "v0.12.0", "0.12.0-beta", "0.12.", "0..12", "0.12.0.1",
                          "99999999999999.0.0", "-1.0.0", "0.12.0\r\nx: y", " "}) {
    CAPTURE(bad);
    CHECK_FALSE(format_for(bad).lists);
    CHECK(format_for(bad).streamed.empty());
  }
}
