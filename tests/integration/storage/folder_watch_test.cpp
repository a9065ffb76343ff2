#include "storage/folder_watch.hpp"
#include "tests/support/temp_dir.hpp"

#include <catch2/catch.hpp>

#include <condition_variable>
#include <filesystem>
#include <mutex>

using namespace opr;
using namespace std::chrono_literals;

namespace {

/// Counts what it's told, and waits for it.
class counter {
public:
  std::function<void()> teller() {
    return [this] {
      std::lock_guard lock{mutex_};
      ++count_;
      changed_.notify_all();
    };
  }
  bool reaches(int count) {
    std::unique_lock lock{mutex_};
    return changed_.wait_for(lock, 10s, [&] { return count_ >= count; });
  }
  int count() {
    std::lock_guard lock{mutex_};
    return count_;
  }

private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int count_ = 0;
};

} // namespace

TEST_CASE("who watches a folder is told when a file in it is written to", "[storage]") {
  test::temp_dir folder;
  counter told;
  net::io_threads io;
  storage::folder_watch watches{io};
  auto held = watches.watch(folder.path(), told.teller());
  REQUIRE(held);
  folder.write("logs.txt", "one");
  CHECK(told.reaches(1));
}

TEST_CASE("two who watch one folder are both told, one who has let go isn't", "[storage]") {
  test::temp_dir folder;
  counter first_told;
  counter second_told;
  net::io_threads io;
  storage::folder_watch watches{io};
  auto first = watches.watch(folder.path(), first_told.teller());
  auto second = watches.watch(folder.path(), second_told.teller());
  folder.write("logs.txt", "one");
  REQUIRE(first_told.reaches(1));
  REQUIRE(second_told.reaches(1));
  first.reset();
  auto before = first_told.count();
  auto seen = second_told.count();
  folder.write("other.txt", "two");
  REQUIRE(second_told.reaches(seen + 1));
  CHECK(first_told.count() == before);
}

TEST_CASE("a folder that isn't there, or is only a link to one, is not watched", "[storage]") {
  test::temp_dir folder;
  std::filesystem::create_directory_symlink("/", folder.path() / "link");
  net::io_threads io;
  storage::folder_watch watches{io};
  CHECK_FALSE(watches.watch(folder.path() / "none", [] {}));
  CHECK_FALSE(watches.watch(folder.path() / "link", [] {}));
}

TEST_CASE("a watch may outlive those who tell it", "[storage]") {
  test::temp_dir folder;
  std::shared_ptr<void> held;
  {
    net::io_threads io;
    storage::folder_watch watches{io};
    held = watches.watch(folder.path(), [] {});
  }
  folder.write("logs.txt", "one");
  held.reset();
}
