#include "actors/executor/runtime_record.hpp"
#include "tests/support/temp_dir.hpp"

#include <catch2/catch.hpp>

#include <filesystem>

using namespace opr;
using namespace opr::test;
namespace fs = std::filesystem;

namespace {

runtime_record sample() {
  runtime_record what;
  what.executor = "exec";
  what.runtime_id = "one";
  what.hostname = "feed";
  what.secret = "5ec2e7";
  what.network = "net";
  what.image = "registry.example:5000/some/image:v4-1.0";
  what.version = generation::v4;
  what.created = 1700000000.25;
  what.cpus = 0.5;
  what.memory_mb = 96;
  what.concurrency = 3;
  return what;
}

} // namespace

TEST_CASE("a record is read as it was written") {
  auto text = encode_record(sample());
  REQUIRE(text);
  auto read = decode_record(*text);
  REQUIRE(read);
  CHECK(read->executor == "exec");
  CHECK(read->runtime_id == "one");
  CHECK(read->hostname == "feed");
  CHECK(read->secret == "5ec2e7");
  CHECK(read->network == "net");
  CHECK(read->image == sample().image);
  CHECK(read->version == generation::v4);
  CHECK(read->created == 1700000000.25);
  CHECK(read->cpus == 0.5);
  CHECK(read->memory_mb == 96);
  CHECK(read->concurrency == 3);
  CHECK_FALSE(read->builds);
}

TEST_CASE("a record that was cut off anywhere is none") {
  auto text = *encode_record(sample());
  for (std::size_t size = 0; size + 1 < text.size(); ++size)
    CHECK_FALSE(decode_record(std::string_view{text}.substr(0, size)));
}

TEST_CASE("a record of another format, or with a value that makes no sense, is none") {
  auto text = *encode_record(sample());
  auto [what, instead] =
      GENERATE(table<std::string, std::string>({{"openruntimes runtime 1", "openruntimes runtime 2"},
                                                {"version v4", "version v9"},
                                                {"memory_mb 96", "memory_mb -1"},
                                                {"memory_mb 96", "memory_mb 96x"},
                                                {"cpus 0.500000", "cpus "},
                                                {"secret 5ec2e7", "secret "}}));
  text.replace(text.find(what), what.size(), instead);
  CHECK_FALSE(decode_record(text));
}

TEST_CASE("a value can't smuggle in another") {
  auto what = sample();
  what.image = "image\nsecret known";
  CHECK_FALSE(encode_record(what));
}

TEST_CASE("a record is for the executor's own eyes, and believed only then") {
  temp_dir dir;
  runtime_folders folders{dir.path(), false};
  REQUIRE(write_record(folders, sample()));
  auto file = dir.path() / ".runtime";
  CHECK(fs::status(file).permissions() == (fs::perms::owner_read | fs::perms::owner_write));
  CHECK(read_record(folders, "exec", "one"));
  CHECK_FALSE(read_record(folders, "exec", "two"));
  CHECK_FALSE(read_record(folders, "other", "one"));
  SECTION("not when others may read it") {
    fs::permissions(file, fs::perms::others_read, fs::perm_options::add);
  }
  SECTION("not when others may write it") {
    fs::permissions(file, fs::perms::group_write, fs::perm_options::add);
  }
  SECTION("not through a link") {
    fs::rename(file, dir.path() / "elsewhere");
    fs::create_symlink(dir.path() / "elsewhere", file);
  }
  SECTION("not when it's too large to be one") { fs::resize_file(file, 1 << 20); }
  CHECK_FALSE(read_record(folders, "exec", "one"));
}

TEST_CASE("a record never replaces another") {
  temp_dir dir;
  runtime_folders folders{dir.path(), false};
  REQUIRE(write_record(folders, sample()));
  auto again = write_record(folders, sample());
  REQUIRE_FALSE(again);
  CHECK(again.error().code == ec::path_refused);
}
