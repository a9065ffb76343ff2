#include "core/percent.hpp"
#include "docker/wire/target.hpp"

#include <catch2/catch.hpp>

using namespace opr;
using namespace opr::docker;

TEST_CASE("a name that leads to another call is refused", "[docker]") {
  auto name =
      GENERATE(std::string(), std::string("a/../b"), std::string("../x"), std::string("a?force=1"),
               std::string("a b"), std::string("a\r\nX: y"), std::string("-a"), std::string(".a"),
               std::string("a%2f"), std::string("a\0b", 3), std::string("\xc3\xa4"), std::string(256, 'a'));
  auto target = object_target("containers", name, "/start");
  REQUIRE_FALSE(target);
  CHECK(target.error().code == ec::general_argument_invalid);
}

TEST_CASE("a name of the longest length makes a target", "[docker]") {
  auto target = object_target("containers", "h-a_b.C9", "/json");
  REQUIRE(target);
  CHECK(*target == "/v1.41/containers/h-a_b.C9/json");
  CHECK(object_target("containers", std::string(255, 'a'), ""));
}

TEST_CASE("filters keep every byte that means something in a URL or in JSON", "[docker]") {
  auto filters = encode_filters({{"label", "a=b \"&\\ \xc3\xa4"}, {"label", "c"}, {"type", "container"}});
  REQUIRE(filters);
  CHECK(*filters ==
        percent_encoded("{\"label\":[\"a=b \\\"&\\\\ \xc3\xa4\",\"c\"],\"type\":[\"container\"]}"));
}

TEST_CASE("a filter that is not UTF-8 is refused", "[docker]") {
  auto filters = encode_filters({{"label", "a=\xff"}});
  REQUIRE_FALSE(filters);
  CHECK(filters.error().code == ec::general_argument_invalid);
}

TEST_CASE("a time keeps its nanoseconds", "[docker]") {
  CHECK(encode_time(1'700'000'000'000'000'001) == "1700000000.000000001");
  CHECK(encode_time(1) == "0.000000001");
}
