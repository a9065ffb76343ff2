#include "storage/s3/sums.hpp"

#include <catch2/catch.hpp>

using namespace opr;
using namespace opr::storage;

namespace {

std::optional<promised_sum> promised(header_list headers, bool trusts_etags = true) {
  return find_promised_sum({200, std::move(headers)}, trusts_etags);
}

std::string sum_of(running_sum& sum, std::string_view begin, std::string_view end) {
  sum.add(begin);
  sum.add(end);
  return sum.finish();
}

const header_field etag{"etag", "\"25f9e794323b453885f5181f1b624d0b\""}; // of 123456789, as are all below

} // namespace

TEST_CASE("an ETag counts as an MD5 sum only if it looks like one, of what was sent", "[storage][s3]") {
  const std::string sum = "6a72fe9fba96dada9ef54fc45165b1bc";
  CHECK(md5_of({200, {{"etag", "\"" + sum + "\""}}}) == sum);
  CHECK(md5_of({200, {{"etag", "\"" + sum + "\""}, {"x-amz-server-side-encryption", "AES256"}}}) == sum);
  CHECK(md5_of({200, {{"etag", "\"" + sum + "\""}, {"x-amz-server-side-encryption", "aws:kms"}}}).empty());
  const std::vector<std::string> others{sum,    "\"" + sum + "-2\"", "W/\"" + sum + "\"",
                                        "\"\"", "\"" + sum,          ""};
  for (const auto& other : others)
    CHECK(md5_of({200, {{"etag", other}}}).empty());
  CHECK(md5_of({200, {}}).empty());
}

TEST_CASE("each of S3's sums is made of an object's bytes", "[storage][s3]") {
  auto [name, value] = GENERATE(table<std::string, std::string>({
      {etag.name, etag.value},
      {"x-amz-checksum-crc64nvme", "rosUhgp5mIg="},
      {"x-amz-checksum-crc32c", "4waSgw=="},
      {"x-amz-checksum-crc32", "y/Q5Jg=="},
      {"x-amz-checksum-sha1", "98O8HYCOBHMq32eZZczDTKeuNEE="},
      {"x-amz-checksum-sha256", "FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU="},
  }));
  auto sum = promised({{name, value}});
  REQUIRE(sum);
  CHECK_THAT(value, Catch::Contains(sum->text));
  CHECK(sum_of(*sum->of_what_came, "1234", "56789") == sum->text);
}

TEST_CASE("an object's sum is its ETag's, or else that of a header", "[storage][s3]") {
  const header_field crc{"x-amz-checksum-crc32", "y/Q5Jg=="};
  CHECK(promised({crc, etag})->name == "its ETag, an MD5 sum");
  CHECK(promised({crc, etag}, false)->name == "its x-amz-checksum-crc32");
  CHECK(promised({crc, {"etag", "\"x-2\""}, {"x-amz-checksum-type", "FULL_OBJECT"}}));
}

TEST_CASE("a sum of an upload's parts promises nothing of the object's bytes", "[storage][s3]") {
  CHECK_FALSE(promised({{"x-amz-checksum-crc32", "y/Q5Jg==-2"}}));
  CHECK_FALSE(promised({{"x-amz-checksum-crc32", "y/Q5Jg=="}, {"x-amz-checksum-type", "COMPOSITE"}}));
  CHECK_FALSE(promised({}));
}
