#include "storage/s3/verdict.hpp"

#include <catch2/catch.hpp>

using namespace opr;
using namespace opr::storage;
using namespace std::chrono_literals;

namespace {

s3_verdict of_answer(int status, const std::string& body = {}, header_list headers = {}) {
  return judge({{ec::none, {}}, {status, std::move(headers)}, body}, "bucket b, key k");
}

std::string page(const std::string& code) {
  return "<Error><Code>" + code + "</Code><Message>The reason.</Message></Error>";
}

} // namespace

TEST_CASE("a refusal names bucket, key and what the server said", "[storage][s3]") {
  auto verdict = of_answer(403, page("AccessDenied"));
  CHECK(verdict.why.code == ec::storage_failed);
  CHECK(verdict.why.detail == "bucket b, key k: the server answered 403 AccessDenied: The reason.");
  CHECK_FALSE(verdict.may_repeat);
}

TEST_CASE("a missing key isn't a missing bucket", "[storage][s3]") {
  CHECK(of_answer(404, page("NoSuchKey")).why.code == ec::source_not_found);
  CHECK(of_answer(404).why.code == ec::source_not_found);
  CHECK(of_answer(404, page("NoSuchBucket")).why.code == ec::storage_failed);
  CHECK(of_answer(404, page("NoSuchUpload")).why.code == ec::storage_failed);
}

TEST_CASE("an error that comes with a 200 is one", "[storage][s3]") {
  auto verdict = of_answer(200, page("InternalError"));
  CHECK(verdict.why.code == ec::storage_failed);
  CHECK(verdict.may_repeat);
}

TEST_CASE("what may pass is tried again, what won't isn't", "[storage][s3]") {
  auto status = GENERATE(408, 429, 500, 502, 503, 504);
  CHECK(of_answer(status).may_repeat);
  CHECK(of_answer(400, page("RequestTimeout")).may_repeat);
  CHECK_FALSE(of_answer(GENERATE(301, 400, 401, 403, 404, 409, 501, 507)).may_repeat);
  CHECK(judge({{ec::connection_broken, {}}, {}, {}}, "x").may_repeat);
  CHECK(judge({{ec::connect_failed, {}}, {}, {}}, "x").may_repeat);
  CHECK_FALSE(judge({{GENERATE(ec::deadline_passed, ec::cancelled, ec::answer_invalid), {}}, {}, {}}, "x")
                  .may_repeat);
}

TEST_CASE("a call that ended by itself keeps why only if its caller ended it", "[storage][s3]") {
  CHECK(judge({{ec::deadline_passed, {}}, {}, {}}, "x").why.code == ec::deadline_passed);
  CHECK(judge({{ec::cancelled, {}}, {}, {}}, "x").why.code == ec::cancelled);
  CHECK(judge({{ec::connection_broken, {}}, {}, {}}, "x").why.code == ec::storage_failed);
}

TEST_CASE("a server's wish for the next try is read, and believed up to an hour", "[storage][s3]") {
  CHECK(of_answer(503, {}, {{"retry-after", "7"}}).retry_after == clock::duration(7s));
  CHECK(of_answer(503, {}, {{"retry-after", "999999"}}).retry_after == clock::duration(1h));
  CHECK_FALSE(
      of_answer(503, {}, {{"retry-after", GENERATE("soon", "-1", "99999999999999999999")}}).retry_after);
}

TEST_CASE("a full server is full storage", "[storage][s3]") {
  CHECK(of_answer(507).why.code == ec::storage_full);
  CHECK(of_answer(403, page("QuotaExceeded")).why.code == ec::storage_full);
}
