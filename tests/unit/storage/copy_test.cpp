#include "storage/files/copy.hpp"
#include "tests/support/temp_dir.hpp"

#include <catch2/catch.hpp>

#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <sys/stat.h>
#include <unistd.h>

using namespace opr;
using namespace opr::storage;

namespace {

struct copy_fixture {
  test::temp_dir folder;
  int slices = 0;

  std::string at(const std::string& name) const { return (folder.path() / name).string(); }

  /// Goes on for ever and counts.
  checkpoint always() {
    return [this] {
      ++slices;
      return failure{ec::none, {}};
    };
  }
  /// Ends the copy after some slices.
  checkpoint until(int last, ec code) {
    return [this, last, code] { return failure{++slices > last ? code : ec::none, "ended"}; };
  }

  static std::string content(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  /// How many files lie in a folder, hidden ones too.
  static long files_in(const std::string& path) {
    using iterator = std::filesystem::directory_iterator;
    return std::distance(iterator(path), iterator());
  }
};

std::string sample(size_t size) {
  std::string text(size, '\0');
  for (size_t i = 0; i < size; ++i)
    text[i] = static_cast<char>(i * 31 + (i >> 12U));
  return text;
}

} // namespace

TEST_CASE_METHOD(copy_fixture, "a copy has the content of its source, whatever its size", "[storage]") {
  auto size = GENERATE(0U, 1U, (1U << 20U) - 1, 1U << 20U, (1U << 20U) + 1, 3'500'000U);
  auto from = folder.write("from", sample(size));
  auto copied = copy_in(from, at("to"), always());
  REQUIRE(copied);
  CHECK(*copied == size);
  CHECK(content(at("to")) == sample(size));
  CHECK(files_in(folder.path()) == 2);
}

TEST_CASE_METHOD(copy_fixture, "a copy by hand is the same as one by the kernel", "[storage]") {
  auto size = GENERATE(0U, 1U, (1U << 20U) + 1, 3'500'000U);
  auto from = folder.write("from", sample(size));
  descriptor in(open(from.c_str(), O_RDONLY | O_CLOEXEC));
  descriptor out(open(at("to").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644));
  REQUIRE(copy_by_hand(in.get(), out.get(), size, from, always()));
  CHECK(content(at("to")) == sample(size));
  CHECK(slices >= static_cast<int>(size >> 20U));
}

TEST_CASE_METHOD(copy_fixture, "a source that shrinks under the copy is an error, not a short object",
                 "[storage]") {
  auto from = folder.write("from", sample(3U << 20U));
  auto cut = [&] {
    if (++slices == 2)
      REQUIRE(truncate(from.c_str(), 100) == 0);
    return failure{ec::none, {}};
  };
  auto copied = copy_in(from, at("to"), cut);
  REQUIRE_FALSE(copied);
  CHECK(copied.error().code == ec::storage_failed);
  CHECK_THAT(copied.error().detail, Catch::Contains("shorter"));
  CHECK(files_in(folder.path()) == 1);
}

TEST_CASE_METHOD(copy_fixture, "a source that grows under the copy doesn't keep it busy for ever",
                 "[storage]") {
  auto from = folder.write("from", sample(3U << 20U));
  auto grow = [&] {
    ++slices;
    std::ofstream(from, std::ios::app) << std::string(2U << 20U, 'x');
    return failure{ec::none, {}};
  };
  auto copied = copy_in(from, at("to"), grow);
  REQUIRE(copied);
  CHECK(*copied == 3U << 20U);
  CHECK(content(at("to")) == sample(3U << 20U));
}

TEST_CASE_METHOD(copy_fixture, "a copy that is ended leaves nothing behind", "[storage]") {
  auto from = folder.write("from", sample(5U << 20U));
  auto last = GENERATE(0, 1, 3);
  auto copied = copy_in(from, at("to"), until(last, ec::deadline_passed));
  REQUIRE_FALSE(copied);
  CHECK(copied.error().code == ec::deadline_passed);
  CHECK(slices == last + 1);
  CHECK(files_in(folder.path()) == 1);
}

TEST_CASE_METHOD(copy_fixture, "a file is not visible under its name before it is whole", "[storage]") {
  auto from = folder.write("from", sample(3U << 20U));
  auto look = [&] {
    ++slices;
    CHECK_FALSE(std::filesystem::exists(at("to")));
    return failure{ec::none, {}};
  };
  REQUIRE(copy_in(from, at("to"), look));
  CHECK(slices == 3);
  CHECK(std::filesystem::exists(at("to")));
}

TEST_CASE_METHOD(copy_fixture, "a missing source is named", "[storage]") {
  auto missing = GENERATE("nothing", "no/folder", "file/below");
  folder.write("file", "x");
  auto copied = copy_in(at(missing), at("to"), always());
  REQUIRE_FALSE(copied);
  CHECK(copied.error().code == ec::source_not_found);
  CHECK_THAT(copied.error().detail, Catch::Contains(missing));
}

TEST_CASE_METHOD(copy_fixture, "a source that is no regular file is refused at once", "[storage]") {
  folder.write("target", "secret");
  REQUIRE(symlink(at("target").c_str(), at("link").c_str()) == 0);
  REQUIRE(symlink("nowhere", at("dangling").c_str()) == 0);
  REQUIRE(mkfifo(at("fifo").c_str(), 0600) == 0);
  REQUIRE(mkdir(at("folder").c_str(), 0700) == 0);
  auto name = GENERATE("link", "dangling", "fifo", "folder", "/dev/zero");
  auto from = (folder.path() / name).string(); // an absolute name stays as it is
  auto copied =
      GENERATE(true, false) ? copy_in(from, at("to"), always()) : copy_out(from, at("new/to"), always());
  REQUIRE_FALSE(copied);
  CHECK(copied.error().code == ec::path_refused);
  CHECK_FALSE(std::filesystem::exists(at("new"))); // no folder is made for nothing
  CHECK_FALSE(std::filesystem::exists(at("to")));
}

TEST_CASE_METHOD(copy_fixture, "a path that is refused is refused on either side", "[storage]") {
  auto from = folder.write("from", "x");
  CHECK(copy_in("relative", at("to"), always()).error().code == ec::path_refused);
  CHECK(copy_in(from, at("a/../to"), always()).error().code == ec::path_refused);
  CHECK(copy_out(from, at("to/"), always()).error().code == ec::path_refused);
}

TEST_CASE_METHOD(copy_fixture, "a stored object never replaces another", "[storage]") {
  auto from = folder.write("from", "new");
  folder.write("to", "old");
  auto copied = copy_out(from, at("to"), always());
  REQUIRE_FALSE(copied);
  CHECK(copied.error().code == ec::path_refused);
  CHECK_THAT(copied.error().detail, Catch::Contains(at("to")));
  CHECK(content(at("to")) == "old");
  CHECK(files_in(folder.path()) == 2);
}

TEST_CASE_METHOD(copy_fixture, "a destination that is a link is not followed", "[storage]") {
  auto from = folder.write("from", "new");
  REQUIRE(symlink(at("elsewhere").c_str(), at("to").c_str()) == 0);
  CHECK(copy_in(from, at("to"), always()).error().code == ec::path_refused);
  CHECK_FALSE(std::filesystem::exists(at("elsewhere")));
}

TEST_CASE_METHOD(copy_fixture, "storing makes the folders that are missing", "[storage]") {
  auto from = folder.write("from", "x");
  REQUIRE(copy_out(from, at("a/b/c/to"), always()));
  CHECK(content(at("a/b/c/to")) == "x");
  REQUIRE(copy_out(from, at("a/b/c/other"), always()));
  CHECK(files_in(at("a/b/c")) == 2);
}

TEST_CASE_METHOD(copy_fixture, "fetching makes no folders", "[storage]") {
  auto from = folder.write("from", "x");
  auto copied = copy_in(from, at("a/to"), always());
  REQUIRE_FALSE(copied);
  CHECK(copied.error().code == ec::storage_failed); // not source_not_found: the source is there
  CHECK_FALSE(std::filesystem::exists(at("a")));
}

TEST_CASE_METHOD(copy_fixture, "a file in the place of a folder is an error that names it", "[storage]") {
  auto from = folder.write("from", "x");
  folder.write("file", "y");
  auto copied = copy_out(from, at("file/below/to"), always());
  REQUIRE_FALSE(copied);
  CHECK(copied.error().code == ec::storage_failed);
  CHECK_THAT(copied.error().detail, Catch::Contains(at("file")));
}

TEST_CASE_METHOD(copy_fixture, "a name of the longest length can be written", "[storage]") {
  auto from = folder.write("from", "x");
  REQUIRE(copy_out(from, at(std::string(255, 'n')), always()));
  CHECK(content(at(std::string(255, 'n'))) == "x");
}

TEST_CASE_METHOD(copy_fixture, "a hostile name is only a name", "[storage]") {
  auto name = GENERATE("$(touch x)", "-rf", "a'b\"c", "%s%n", "\xff\xfe", "...");
  auto from = folder.write("from", "x");
  REQUIRE(copy_out(from, at(std::string(name) + "/" + name), always()));
  CHECK(content(at(std::string(name) + "/" + name)) == "x");
}
