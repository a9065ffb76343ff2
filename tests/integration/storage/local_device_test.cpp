#include "waiting.hpp"

using namespace opr;
using namespace opr::storage;

namespace {

struct device_fixture : waiting_device {
  test::temp_dir folder;
  std::string at(const std::string& name) const { return (folder.path() / name).string(); }
};

} // namespace

TEST_CASE_METHOD(device_fixture, "what was stored is fetched again", "[storage]") {
  std::string bytes(5'000'000, 'x');
  auto built = folder.write("built", bytes);
  auto size = store(built, at("storage/builds/1.gz")).get();
  REQUIRE(size);
  CHECK(*size == bytes.size());
  REQUIRE(fetch(at("storage/builds/1.gz"), at("fetched")).get());
  CHECK(content(at("fetched")) == bytes);
  CHECK(files_in(at("storage/builds")) == 1);
}

TEST_CASE_METHOD(device_fixture, "a key that isn't there is named", "[storage]") {
  auto fetched = fetch(at("nothing"), at("fetched")).get();
  REQUIRE_FALSE(fetched);
  CHECK(fetched.error().code == ec::source_not_found);
  CHECK_THAT(fetched.error().detail, Catch::Contains(at("nothing")));
}

TEST_CASE_METHOD(device_fixture, "a deadline that has passed ends a copy before it begins", "[storage]") {
  auto from = folder.write("from", "");
  auto size = store(from, at("to"), clock::now() - 1s).get();
  REQUIRE_FALSE(size);
  CHECK(size.error().code == ec::deadline_passed);
  CHECK(files_in(folder.path()) == 1);
}

TEST_CASE_METHOD(device_fixture, "a deadline ends a copy that is under way, and nothing is left",
                 "[storage]") {
  auto from = folder.write("from", "x");
  std::filesystem::resize_file(from, 64ULL << 30U); // sparse; takes seconds to copy
  auto begun = clock::now();
  auto size = store(from, at("storage/to"), begun + 50ms).get();
  CHECK(clock::now() - begun < 5s);
  REQUIRE_FALSE(size);
  CHECK(size.error().code == ec::deadline_passed);
  CHECK(files_in(at("storage")) == 0);
}

TEST_CASE_METHOD(device_fixture, "workers that stop end a copy that is under way, and nothing is left",
                 "[storage]") {
  auto from = folder.write("from", "x");
  std::filesystem::resize_file(from, 64ULL << 30U);
  auto under_way = store(from, at("storage/to"));
  std::vector<std::future<result<uint64_t>>> queued;
  for (int i = 0; i < 4; ++i)
    queued.push_back(store(from, at("storage/to-" + std::to_string(i))));
  pool.stop();
  CHECK(under_way.get().error().code == ec::cancelled);
  for (auto& one : queued)
    CHECK(one.get().error().code == ec::cancelled);
  CHECK(store(from, at("later")).get().error().code == ec::cancelled);
  std::filesystem::create_directories(at("storage")); // a copy may have ended before it made it
  CHECK(files_in(at("storage")) == 0);
}

TEST_CASE_METHOD(device_fixture, "of several that store one key at once a single one wins", "[storage]") {
  std::vector<std::future<result<uint64_t>>> outcomes;
  for (int i = 0; i < 8; ++i)
    outcomes.push_back(
        store(folder.write("from-" + std::to_string(i), std::string(2'000'000, static_cast<char>('a' + i))),
              at("storage/key")));
  int won = 0;
  char winner = 0;
  for (size_t i = 0; i < outcomes.size(); ++i) {
    auto outcome = outcomes[i].get();
    if (!outcome) {
      CHECK(outcome.error().code == ec::path_refused);
      continue;
    }
    ++won;
    winner = static_cast<char>('a' + i);
  }
  CHECK(won == 1);
  CHECK(content(at("storage/key")) == std::string(2'000'000, winner));
  CHECK(files_in(at("storage")) == 1);
}

TEST_CASE_METHOD(device_fixture, "many fetches of one key at once are all whole", "[storage]") {
  auto key = folder.write("key", std::string(3'000'000, 'k'));
  std::vector<std::future<result<done>>> outcomes;
  for (int i = 0; i < 8; ++i)
    outcomes.push_back(fetch(key, at("copy-" + std::to_string(i))));
  for (size_t i = 0; i < outcomes.size(); ++i) {
    REQUIRE(outcomes[i].get());
    CHECK(content(at("copy-" + std::to_string(i))) == std::string(3'000'000, 'k'));
  }
}
