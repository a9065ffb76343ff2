#include "actors/executor/workspace.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>

using namespace opr;
namespace fs = std::filesystem;

namespace {

struct data_dir {
  std::string path = make();
  ~data_dir() { fs::remove_all(path); }
  static std::string make() {
    std::string pattern = fs::temp_directory_path() / "opr-test-XXXXXX";
    return mkdtemp(pattern.data());
  }
};

} // namespace

TEST_CASE_METHOD(data_dir, "a runtime's folders are made and removed as a whole") {
  auto folders = folders_of(path, "exec", "one");
  REQUIRE(make_folders(folders, "exec", "one"));
  for (const auto& folder : folders.all())
    CHECK(fs::is_directory(folder));
  CHECK(find_folders(path, "exec") == std::vector<std::string>{"one"});
  std::ofstream{folders.build() + "/file"} << "x";
  REQUIRE(remove_folders(folders, "exec", "one"));
  CHECK(fs::is_empty(path));
  CHECK(remove_folders(folders, "exec", "one"));
}

TEST_CASE_METHOD(data_dir, "what an earlier life left under the name is removed first") {
  auto folders = folders_of(path, "exec", "one");
  REQUIRE(make_folders(folders, "exec", "one"));
  std::ofstream{folders.source() + "/old"} << "x";
  REQUIRE(make_folders(folders, "exec", "one"));
  CHECK_FALSE(fs::exists(folders.source() + "/old"));
}

TEST_CASE_METHOD(data_dir, "a folder that isn't marked as the executor's own is left alone") {
  auto folders = folders_of(path, "exec", "one");
  SECTION("a stranger's") { fs::create_directories(folders.root + "/precious"); }
  SECTION("another executor's of a longer name") {
    REQUIRE(make_folders(folders_of(path, "exec-one", "x"), "exec-one", "x"));
    fs::rename(path + "/exec-one-x", folders.root);
  }
  SECTION("a link") {
    fs::create_directories(path + "/precious");
    fs::create_directory_symlink(path + "/precious", folders.root);
  }
  auto made = make_folders(folders, "exec", "one");
  REQUIRE_FALSE(made);
  CHECK(made.error().code == ec::storage_failed);
  CHECK(remove_folders(folders, "exec", "one"));
  CHECK(fs::exists(folders.root));
  CHECK((!fs::is_symlink(folders.root) || fs::exists(path + "/precious")));
}

TEST_CASE_METHOD(data_dir, "an executor doesn't find the folders of another whose name begins like its own") {
  REQUIRE(make_folders(folders_of(path, "exec-2", "one"), "exec-2", "one"));
  CHECK(find_folders(path, "exec").empty());
}

TEST_CASE_METHOD(data_dir, "links in a runtime's folders are removed, not what they lead to") {
  fs::create_directories(path + "/precious/data");
  auto folders = folders_of(path, "exec", "one");
  REQUIRE(make_folders(folders, "exec", "one"));
  fs::create_directory_symlink(path + "/precious", folders.build() + "/link");
  REQUIRE(remove_folders(folders, "exec", "one"));
  CHECK(fs::exists(path + "/precious/data"));
}
