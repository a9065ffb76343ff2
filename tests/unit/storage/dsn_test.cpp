#include "storage/dsn.hpp"

#include <catch2/catch.hpp>

using namespace opr;
using namespace opr::storage;

TEST_CASE("local storage has three spellings", "[storage]") {
  auto kind = parse_dsn(GENERATE("", "file://localhost", "local://localhost"));
  REQUIRE(kind);
  CHECK(*kind == device_kind::local);
}

TEST_CASE("another storage is refused, what works is named, and no secret is repeated", "[storage]") {
  auto kind =
      parse_dsn(GENERATE("s3://KEY:SECRET@host/bucket?region=r", "do-spaces://KEY:SECRET@host", "file://",
                         "file:///SECRET", "local://SECRET", "localhost", "FILE://localhost", " "));
  REQUIRE_FALSE(kind);
  CHECK(kind.error().code == ec::general_argument_invalid);
  CHECK_THAT(kind.error().detail,
             Catch::Contains("file://localhost") && Catch::Contains("only local storage"));
  CHECK_THAT(kind.error().detail, !Catch::Contains("SECRET"));
}
