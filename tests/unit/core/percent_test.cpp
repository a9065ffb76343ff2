#include "core/percent.hpp"

#include <catch2/catch.hpp>

using namespace opr;

TEST_CASE("all but unreserved characters are percent-encoded") {
  CHECK(percent_encoded("aZ09-._~") == "aZ09-._~");
  CHECK(percent_encoded("a/b c+\xc3\xa4") == "a%2Fb%20c%2B%C3%A4");
  CHECK(percent_encoded("a&b=\"\xc3\xa4~") == "a%26b%3D%22%C3%A4~");
  CHECK(percent_encoded("/a b/c=d", "/") == "/a%20b/c%3Dd");
}

TEST_CASE("what was percent-encoded is read again") {
  const std::string all("\0a/b c+%\xff", 9);
  CHECK(percent_decoded(percent_encoded(all)) == all);
  CHECK(percent_decoded("a+b%2fc%2Fd") == "a+b/c/d");
}

TEST_CASE("a broken percent sign is refused") {
  CHECK_FALSE(percent_decoded(GENERATE("%", "a%2", "%zz", "%2z", "%-1", "%+1", "% 1", "%%41")));
}
