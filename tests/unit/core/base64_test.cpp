#include "core/base64.hpp"

#include <catch2/catch.hpp>

using namespace opr;

TEST_CASE("base64 is that of RFC 4648, padding included", "[base64]") {
  auto [plain, coded] = GENERATE(table<const char*, const char*>({
      {"", ""},
      {"f", "Zg=="},
      {"fo", "Zm8="},
      {"foo", "Zm9v"},
      {"foob", "Zm9vYg=="},
      {"fooba", "Zm9vYmE="},
      {"foobar", "Zm9vYmFy"},
      {"\xff\xfe\xfb", "//77"},
  }));
  CHECK(base64(plain) == coded);
}

TEST_CASE("base64 for URLs has neither plus nor slash", "[base64]") {
  CHECK(base64_url("\xff\xfe\xfb") == "__77");
  CHECK(base64_url("\xfb\xef") == "--8=");
}

TEST_CASE("what was coded is read again, padded or not", "[base64]") {
  CHECK(base64_decoded("bWU6c2VjcmV0") == std::string("me:secret"));
  CHECK(base64_decoded("YQ==") == std::string("a"));
  CHECK(base64_decoded("YQ") == std::string("a"));
  CHECK(base64_decoded("+/8=") == std::string("\xfb\xff"));
  CHECK(base64_decoded("") == std::string());
}

TEST_CASE("what no bytes are coded as is refused", "[base64]") {
  CHECK_FALSE(base64_decoded(GENERATE("Y", "YQ=a", "Y-==", "YQ \n")));
}
