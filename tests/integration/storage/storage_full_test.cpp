#include "waiting.hpp"

#include <cerrno>
#include <sys/mount.h>

using namespace opr;
using namespace opr::storage;

namespace {

/// A disk of 4 MiB. Needs root; without it the test fails.
class small_disk {
public:
  small_disk() {
    if (mount("opr-test", path().c_str(), "tmpfs", MS_NOSUID | MS_NODEV, "size=4m,mode=0700") != 0)
      throw std::system_error(errno, std::generic_category(), "mounting a small disk (as root?)");
  }
  ~small_disk() { umount2(path().c_str(), MNT_DETACH); }

  small_disk(const small_disk&) = delete;
  small_disk& operator=(const small_disk&) = delete;

  std::string path() const { return folder_.path().string(); }

private:
  test::temp_dir folder_;
};

struct full_fixture : waiting_device {
  small_disk disk;
  test::temp_dir folder;
  std::string large = folder.write("large", std::string(6'000'000, 'x'));
};

} // namespace

TEST_CASE_METHOD(full_fixture, "storing on a full disk says so and leaves nothing behind", "[storage]") {
  auto size = store(large, disk.path() + "/storage/key").get();
  REQUIRE_FALSE(size);
  CHECK(size.error().code == ec::storage_full);
  CHECK(files_in(disk.path() + "/storage") == 0);
}

TEST_CASE_METHOD(full_fixture, "fetching to a full disk says so, and there is room again", "[storage]") {
  auto fetched = fetch(large, disk.path() + "/fetched").get();
  REQUIRE_FALSE(fetched);
  CHECK(fetched.error().code == ec::storage_full);
  CHECK(files_in(disk.path()) == 0);
  auto small = folder.write("small", std::string(3'000'000, 'y'));
  REQUIRE(fetch(small, disk.path() + "/fetched").get());
  CHECK(content(disk.path() + "/fetched") == std::string(3'000'000, 'y'));
}

TEST_CASE_METHOD(full_fixture, "an object goes from one file system to another and back", "[storage]") {
  auto from = folder.write("small", std::string(2'500'000, 'z'));
  REQUIRE(store(from, disk.path() + "/a/b").get());
  REQUIRE(fetch(disk.path() + "/a/b", (folder.path() / "back").string()).get());
  CHECK(content((folder.path() / "back").string()) == std::string(2'500'000, 'z'));
}
