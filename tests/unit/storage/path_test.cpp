#include "storage/files/path.hpp"

#include <catch2/catch.hpp>

using namespace opr;
using namespace opr::storage;

TEST_CASE("an ordinary path is taken", "[storage]") {
  auto path = GENERATE("/a", "/storage/functions/app-1/code.tar.gz", "/a b/\xc3\xa4/..x/...", "/-rf/$(x)/*");
  CHECK_FALSE(path_fault(path));
}

TEST_CASE("a path that leads elsewhere or nowhere is refused with the reason", "[storage]") {
  auto [path, reason] = GENERATE(table<std::string, const char*>({
      {"", "absolute"},
      {"a", "absolute"},
      {"./a", "absolute"},
      {"s3://bucket/a", "absolute"},
      {"/", "empty component"},
      {"/a/", "empty component"},
      {"//a", "empty component"},
      {"/a//b", "empty component"},
      {"/a/./b", "`..`"},
      {"/a/../b", "`..`"},
      {"/..", "`..`"},
      {std::string("/a\0b", 4), "control byte"},
      {std::string("/a\0", 3), "control byte"},
      {"/a\nb", "control byte"},
      {"/a\x7f", "control byte"},
      {"/" + std::string(256, 'a'), "255"},
  }));
  auto why = path_fault(path);
  REQUIRE(why);
  CHECK(why->code == ec::path_refused);
  CHECK_THAT(why->detail, Catch::Contains(reason));
}

TEST_CASE("the length of a path is limited where the system's is", "[storage]") {
  std::string path;
  while (path.size() < 4095)
    path += "/abcdefghijklmn"; // 15 bytes, 273 times
  REQUIRE(path.size() == 4095);
  CHECK_FALSE(path_fault(path));
  CHECK(path_fault(path + "o"));
}

TEST_CASE("a file name that is a path is refused", "[storage]") {
  auto name =
      GENERATE(std::string(), std::string("."), std::string(".."), std::string("a/b"), std::string("../a"),
               std::string("/etc/passwd"), std::string("a\0b", 3), std::string("a\n"), std::string(256, 'a'));
  auto why = name_fault(name);
  REQUIRE(why);
  CHECK(why->code == ec::path_refused);
  CHECK_FALSE(name_fault("0123_logs.log"));
  CHECK_FALSE(name_fault(std::string(255, 'a')));
}

TEST_CASE("a path is cut at its last slash", "[storage]") {
  CHECK(split("/a").folder == "/");
  CHECK(split("/a").name == "a");
  CHECK(split("/a/b/c").folder == "/a/b");
  CHECK(split("/a/b/c").name == "c");
}
