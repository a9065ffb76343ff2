#include "storage/untrusted_file.hpp"
#include "tests/support/temp_dir.hpp"

#include <catch2/catch.hpp>

#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

using namespace opr;
using namespace opr::storage;

namespace {

struct folder_fixture {
  test::temp_dir folder;
  std::string path = folder.path().string();
  std::string at(const std::string& name) const { return path + "/" + name; }
};

} // namespace

TEST_CASE_METHOD(folder_fixture, "a file is read up to the limit, and whether it goes on is said",
                 "[storage]") {
  folder.write("log", "0123456789");
  auto [limit, bytes, truncated] = GENERATE(table<size_t, const char*, bool>({
      {0, "", true},
      {4, "0123", true},
      {9, "012345678", true},
      {10, "0123456789", false},
      {1'000'000'000'000, "0123456789", false},
  }));
  auto head = read_untrusted(path, "log", limit);
  REQUIRE(head);
  CHECK(head->bytes == bytes);
  CHECK(head->truncated == truncated);
}

TEST_CASE_METHOD(folder_fixture, "an empty file is read as such", "[storage]") {
  folder.write("log", "");
  auto head = read_untrusted(path, "log", 10);
  REQUIRE(head);
  CHECK(head->bytes.empty());
  CHECK_FALSE(head->truncated);
}

TEST_CASE_METHOD(folder_fixture, "a sparse file of a terabyte costs no more than the limit", "[storage]") {
  folder.write("log", "x");
  REQUIRE(truncate(at("log").c_str(), 1LL << 40) == 0);
  auto head = read_untrusted(path, "log", 1000);
  REQUIRE(head);
  CHECK(head->bytes.size() == 1000);
  CHECK(head->truncated);
}

TEST_CASE_METHOD(folder_fixture, "a missing file is not found", "[storage]") {
  CHECK(read_untrusted(path, "log", 10).error().code == ec::source_not_found);
  CHECK(read_untrusted(at("no-folder"), "log", 10).error().code == ec::source_not_found);
}

TEST_CASE_METHOD(folder_fixture, "nothing but a regular file is read, and nothing is waited for",
                 "[storage]") {
  folder.write("target", "secret");
  REQUIRE(symlink(at("target").c_str(), at("link").c_str()) == 0);
  REQUIRE(symlink("/etc/passwd", at("far-link").c_str()) == 0);
  REQUIRE(mkfifo(at("fifo").c_str(), 0600) == 0);
  REQUIRE(mkdir(at("folder").c_str(), 0700) == 0);
  auto name = GENERATE("link", "far-link", "fifo", "folder");
  auto head = read_untrusted(path, name, 10);
  REQUIRE_FALSE(head);
  CHECK(head.error().code == ec::path_refused);
}

TEST_CASE_METHOD(folder_fixture, "a device made by user code is not opened", "[storage]") {
  if (mknod(at("device").c_str(), S_IFCHR | 0600, makedev(1, 5)) != 0) // /dev/zero
    return; // only root can make one, and only root can be harmed by one
  CHECK(read_untrusted(path, "device", 10).error().code == ec::path_refused);
}

TEST_CASE_METHOD(folder_fixture, "a name that leads out of the folder is refused", "[storage]") {
  auto name = GENERATE(std::string("../x"), std::string("/etc/passwd"), std::string(".."), std::string("."),
                       std::string(), std::string("a/b"), std::string("x\0y", 3), std::string("x\n"));
  folder.write("x", "here");
  CHECK(read_untrusted(path, name, 10).error().code == ec::path_refused);
  CHECK(remove_untrusted(path, name).error().code == ec::path_refused);
  CHECK(std::filesystem::exists(at("x")));
}

TEST_CASE_METHOD(folder_fixture, "removing takes the name away and not what it leads to", "[storage]") {
  folder.write("target", "kept");
  REQUIRE(symlink(at("target").c_str(), at("link").c_str()) == 0);
  REQUIRE(mkfifo(at("fifo").c_str(), 0600) == 0);
  CHECK(remove_untrusted(path, "link"));
  CHECK(remove_untrusted(path, "fifo"));
  CHECK(std::filesystem::exists(at("target")));
  CHECK_FALSE(std::filesystem::exists(std::filesystem::symlink_status(at("link"))));
  CHECK(remove_untrusted(path, "target"));
  CHECK_FALSE(std::filesystem::exists(at("target")));
}

TEST_CASE_METHOD(folder_fixture, "removing what isn't there is a success", "[storage]") {
  CHECK(remove_untrusted(path, "nothing"));
}

TEST_CASE_METHOD(folder_fixture, "a folder in the place of a file is not removed", "[storage]") {
  REQUIRE(mkdir(at("log").c_str(), 0700) == 0);
  CHECK(remove_untrusted(path, "log").error().code == ec::path_refused);
}

TEST_CASE("a file is read on from where it was left", "[storage]") {
  opr::test::temp_dir folder;
  folder.write("log", "one two");
  auto rest = opr::storage::read_untrusted(folder.path(), "log", 2, 4);
  REQUIRE(rest);
  CHECK(rest->bytes == "tw");
  CHECK(rest->truncated);
  CHECK(opr::storage::read_untrusted(folder.path(), "log", 100, 7)->bytes.empty());
  CHECK(opr::storage::read_untrusted(folder.path(), "log", 100, 1000)->bytes.empty());
}

TEST_CASE("a folder that user code has replaced by a link is not read through", "[storage]") {
  opr::test::temp_dir folder;
  std::filesystem::create_directory(folder.path() / "real");
  folder.write("real/log", "secret");
  std::filesystem::create_directory_symlink(folder.path() / "real", folder.path() / "logging");
  CHECK_FALSE(opr::storage::read_untrusted(folder.path() / "logging", "log", 100));
}
