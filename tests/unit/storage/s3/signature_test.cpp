#include "core/percent.hpp"
#include "storage/s3/signature.hpp"

#include <catch2/catch.hpp>

using namespace opr;
using namespace opr::storage;

namespace {

// What AWS publishes: the examples of "Authenticating Requests: Using the Authorization Header (AWS Signature
// Version 4)" of the S3 API, and of the suite of tests for other services.
const std::string empty_hash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
const signer s3_signer{"AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "us-east-1"};
const std::string s3_date = "20130524T000000Z";

signed_parts s3_get(std::string path, query_list query = {}) {
  return {"GET",
          std::move(path),
          std::move(query),
          {{"Host", "examplebucket.s3.amazonaws.com"},
           {"x-amz-content-sha256", empty_hash},
           {"x-amz-date", s3_date}},
          empty_hash};
}

std::string signature(const signer& who, const signed_parts& what, const std::string& date) {
  auto all = authorization(who, what, date);
  return all.substr(all.find("Signature=") + 10);
}

std::string suite(signed_parts what) {
  what.headers.push_back({"Host", "example.amazonaws.com"});
  what.headers.push_back({"X-Amz-Date", "20150830T123600Z"});
  what.payload_hash = empty_hash;
  const signer who{"AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "us-east-1", "service"};
  return signature(who, what, "20150830T123600Z");
}

} // namespace

TEST_CASE("a download of S3's documentation is signed as it is there", "[storage][s3]") {
  auto what = s3_get("/test.txt");
  what.headers.push_back({"Range", "bytes=0-9"});
  CHECK(authorization(s3_signer, what, s3_date) ==
        "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, "
        "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date, "
        "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
}

TEST_CASE("an upload of S3's documentation is signed as it is there", "[storage][s3]") {
  const std::string hash = "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072";
  signed_parts what{"PUT",
                    percent_encoded("/test$file.text", "/"),
                    {},
                    {{"Date", "Fri, 24 May 2013 00:00:00 GMT"},
                     {"Host", "examplebucket.s3.amazonaws.com"},
                     {"x-amz-content-sha256", hash},
                     {"x-amz-date", s3_date},
                     {"x-amz-storage-class", "REDUCED_REDUNDANCY"}},
                    hash};
  CHECK(signature(s3_signer, what, s3_date) ==
        "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd");
}

TEST_CASE("queries of S3's documentation are signed as they are there", "[storage][s3]") {
  CHECK(signature(s3_signer, s3_get("/", {{"lifecycle", ""}}), s3_date) ==
        "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543");
  CHECK(signature(s3_signer, s3_get("/", {{"prefix", "J"}, {"max-keys", "2"}}), s3_date) ==
        "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7");
}

TEST_CASE("requests of AWS's suite of tests are signed as they are there", "[storage][s3]") {
  CHECK(suite({"GET", "/", {}, {}, {}}) ==
        "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31");
  CHECK(suite({"POST", "/", {}, {}, {}}) ==
        "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b");
  CHECK(suite({"GET", "/", {{"Param2", "value2"}, {"Param1", "value1"}}, {}, {}}) ==
        "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500");
}

TEST_CASE("a value's spaces are signed as one", "[storage][s3]") {
  auto plain = s3_get("/a");
  plain.headers.push_back({"X-Amz-Meta", "a b"});
  auto spaced = s3_get("/a");
  spaced.headers.push_back({"x-amz-meta", "  a   b "});
  CHECK(authorization(s3_signer, plain, s3_date) == authorization(s3_signer, spaced, s3_date));
}

TEST_CASE("a date is written as S3 wants it", "[storage][s3]") {
  CHECK(amz_date(wall_clock::from_time_t(1369353600)) == s3_date);
}
