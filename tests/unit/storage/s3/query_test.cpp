#include "storage/s3/query.hpp"

#include <catch2/catch.hpp>

using namespace opr;
using namespace opr::storage;

TEST_CASE("a query is in the order of its encoded names and values", "[storage][s3]") {
  CHECK(encode_query({{"uploadId", "a/b"}, {"partNumber", "2"}}) == "partNumber=2&uploadId=a%2Fb");
  CHECK(encode_query({{"uploads", ""}}) == "uploads=");
}

TEST_CASE("what was encoded is read again, and a plus stays one", "[storage][s3]") {
  auto query = decode_query("region=eu%2Dwest&url=http%3A%2F%2Fa+b%3A80&empty=&none");
  REQUIRE(query);
  CHECK(*query == query_list{{"region", "eu-west"}, {"url", "http://a+b:80"}, {"empty", ""}, {"none", ""}});
}

TEST_CASE("a broken percent sign in a query is refused", "[storage][s3]") {
  CHECK_FALSE(decode_query(GENERATE("a=%", "a%2=", "a=%zz")));
}
