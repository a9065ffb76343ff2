#include "storage/files/roots.hpp"
#include "tests/integration/storage/waiting.hpp"

using namespace opr;
using namespace opr::storage;

namespace {

struct roots_fixture {
  test::temp_dir folder;
  std::string root = (folder.path() / "root").string();
  roots_fixture() { std::filesystem::create_directories(root + "/inner"); }

  ec code(const std::string& path) const { return roots_fault(path, {"/nowhere", root}).code; }
};

} // namespace

TEST_CASE_METHOD(roots_fixture, "paths in a root are taken, whether they are there or not", "[storage]") {
  CHECK(code(root + "/a") == ec::none);
  CHECK(code(root + "/inner/a/b") == ec::none);
  CHECK(roots_fault("/etc/passwd", {}).code == ec::none);
  CHECK(roots_fault(root + "/a", {root + "/"}).code == ec::none);
}

TEST_CASE_METHOD(roots_fixture, "paths beside a root are refused, and so is the root", "[storage]") {
  auto path =
      GENERATE_COPY(as<std::string>(), root, root + "-more/a", "/etc/passwd", folder.path().string() + "/a");
  CHECK(code(path) == ec::path_refused);
}

TEST_CASE_METHOD(roots_fixture, "a link in a root that leads out is refused", "[storage]") {
  std::filesystem::create_directory_symlink("/etc", root + "/out");
  std::filesystem::create_directory_symlink(root + "/inner", root + "/in");
  CHECK(code(root + "/out/passwd") == ec::path_refused);
  CHECK(code(root + "/out/none/none") == ec::path_refused);
  CHECK(code(root + "/in/a") == ec::none);
}

TEST_CASE_METHOD(roots_fixture, "a device with roots fetches and stores only in them", "[storage]") {
  workers pool{1};
  waiting_device device;
  device.files = make_local_device(pool, {root});
  auto outside = folder.write("outside", "secret");
  CHECK(device.fetch(outside, root + "/got").get().error().code == ec::path_refused);
  CHECK(device.store(outside, folder.path().string() + "/other").get().error().code == ec::path_refused);
  REQUIRE(device.store(outside, root + "/new/key").get()); // what is stored may come from anywhere
  REQUIRE(device.fetch(root + "/new/key", folder.path().string() + "/got").get());
}

TEST_CASE_METHOD(waiting_device, "what is stored in place of another is never half of it", "[storage]") {
  test::temp_dir folder;
  auto key = folder.write("key", std::string(3'000'000, 'a'));
  auto other = folder.write("other", std::string(3'000'000, 'b'));
  std::promise<result<uint64_t>> told;
  files->replace(other, key, soon(), [&](result<uint64_t> size) { told.set_value(std::move(size)); });
  std::string seen;
  auto replaced = told.get_future();
  do {
    seen = content(key);
    REQUIRE((seen == std::string(3'000'000, 'a') || seen == std::string(3'000'000, 'b')));
  } while (replaced.wait_for(0s) != std::future_status::ready);
  REQUIRE(replaced.get());
  CHECK(content(key) == std::string(3'000'000, 'b'));
  CHECK(files_in(folder.path()) == 2);
}
