#include "storage/cache/device.hpp"
#include "tests/integration/storage/waiting.hpp"

#include <atomic>
#include <map>
#include <mutex>
#include <thread>

using namespace opr;
using namespace opr::storage;

namespace {

/// A storage in memory that counts what it is asked for.
class memory_device final : public device {
public:
  std::map<std::string, std::pair<std::string, std::string>> objects; ///< Version and content, by key.
  std::atomic<int> downloads{0};
  std::atomic<int> questions{0};
  std::function<void()> before_answer; ///< On the thread that answers.

  void fetch(const std::string& key, const std::string& to, time_point until, then<done> end) override {
    fetch_if_changed(key, {}, to, until, [end](result<fetched> got) {
      end(got ? result<done>(done{}) : result<done>(std::move(got.error())));
    });
  }
  void fetch_if_changed(const std::string& key, const std::string& known, const std::string& to, time_point,
                        then<fetched> end) override {
    std::lock_guard lock(mutex_);
    threads_.emplace_back([this, key, known, to, end] {
      ++questions;
      if (before_answer)
        before_answer();
      auto found = objects.find(key);
      if (found == objects.end())
        return end({ec::source_not_found, key});
      const auto& [version, text] = found->second;
      if (!known.empty() && known == version)
        return end(fetched{version, true});
      ++downloads;
      std::ofstream(to) << text;
      end(fetched{version, false});
    });
  }
  void store(const std::string& from, const std::string& key, time_point, then<uint64_t> end) override {
    std::lock_guard lock(mutex_);
    objects[key] = {"\"stored " + std::to_string(objects.size()) + "\"", content(from)};
    end(uint64_t{0});
  }
  void replace(const std::string& from, const std::string& key, time_point until,
               then<uint64_t> end) override {
    store(from, key, until, std::move(end));
  }

  ~memory_device() override {
    for (auto& one : threads_)
      one.join();
  }

private:
  std::mutex mutex_;
  std::vector<std::thread> threads_;
};

constexpr std::chrono::milliseconds an_hour = 1h;

struct cache_fixture {
  test::temp_dir folder;
  workers pool{2};
  memory_device* origin = nullptr;
  std::unique_ptr<device> cached = open({1000});

  std::unique_ptr<device> open(cache_limits limits) {
    auto made = std::make_unique<memory_device>();
    if (origin != nullptr)
      made->objects = origin->objects;
    origin = made.get();
    auto where = cache_folder::open(at("cache"));
    if (!where)
      throw std::runtime_error(where.error().detail);
    return make_cached_device(std::move(made), *where, limits, pool);
  }
  void reopen(cache_limits limits) {
    auto objects = origin->objects;
    cached = nullptr;
    origin = nullptr;
    cached = open(limits);
    origin->objects = objects;
  }

  std::string at(const std::string& name) const { return (folder.path() / name).string(); }

  void store(const std::string& text, const std::string& key) {
    std::ofstream(at("made")) << text;
    std::promise<result<uint64_t>> told;
    cached->store(at("made"), key, waiting_device::soon(),
                  [&told](result<uint64_t> end) { told.set_value(std::move(end)); });
    CHECK(told.get_future().get());
  }
  std::future<result<done>> begin_fetch(const std::string& key, const std::string& name) {
    auto told = std::make_shared<std::promise<result<done>>>();
    cached->fetch(key, at(name), waiting_device::soon(),
                  [told](result<done> end) { told->set_value(std::move(end)); });
    return told->get_future();
  }
  std::string fetch(const std::string& key) {
    auto name = "got-" + std::to_string(++fetches_);
    auto got = begin_fetch(key, name).get();
    return got ? content(at(name)) : std::string("failed: ") + std::string(to_string(got.error().code));
  }

private:
  int fetches_ = 0;
};

} // namespace

TEST_CASE_METHOD(cache_fixture, "an object is downloaded once", "[storage][cache]") {
  origin->objects["key"] = {"\"1\"", "first"};
  for (int i = 0; i < 3; ++i)
    CHECK(fetch("key") == "first");
  CHECK(origin->questions == 3);
  CHECK(origin->downloads == 1);
}

TEST_CASE_METHOD(cache_fixture, "an object that changed is downloaded again", "[storage][cache]") {
  origin->objects["key"] = {"\"1\"", "first"};
  CHECK(fetch("key") == "first");
  origin->objects["key"] = {"\"2\"", "second"};
  CHECK(fetch("key") == "second");
  CHECK(files_in(at("cache")) == 1);
}

TEST_CASE_METHOD(cache_fixture, "an object that went isn't served from the cache", "[storage][cache]") {
  origin->objects["key"] = {"\"1\"", "first"};
  CHECK(fetch("key") == "first");
  origin->objects.clear();
  CHECK(fetch("key") == "failed: source_not_found");
  CHECK(files_in(at("cache")) == 0);
}

TEST_CASE_METHOD(cache_fixture, "many who want one object at once share a download", "[storage][cache]") {
  origin->objects["key"] = {"\"1\"", "first"};
  std::promise<void> all_ask;
  auto asked = all_ask.get_future().share();
  origin->before_answer = [asked] { asked.wait(); };
  std::vector<std::future<result<done>>> outcomes;
  for (int i = 0; i < 20; ++i)
    outcomes.push_back(begin_fetch("key", "copy-" + std::to_string(i)));
  all_ask.set_value();
  for (size_t i = 0; i < outcomes.size(); ++i) {
    REQUIRE(outcomes[i].get());
    CHECK(content(at("copy-" + std::to_string(i))) == "first");
  }
  CHECK(origin->questions == 1);
}

TEST_CASE_METHOD(cache_fixture, "the copies survive a restart, and their limit holds", "[storage][cache]") {
  origin->objects["a"] = {"\"1\"", std::string(400, 'a')};
  origin->objects["b"] = {"\"1\"", std::string(400, 'b')};
  CHECK(fetch("a").size() == 400);
  std::this_thread::sleep_for(20ms); // the order is that of the files' times
  CHECK(fetch("b").size() == 400);
  std::ofstream(at("cache/incoming-half")) << "half";
  reopen({500});
  CHECK(files_in(at("cache")) == 1);
  CHECK(fetch("b").size() == 400);
  CHECK(origin->downloads == 0);
  CHECK(fetch("a").size() == 400);
  CHECK(origin->downloads == 1);
  CHECK(files_in(at("cache")) == 1);
}

TEST_CASE_METHOD(cache_fixture, "a damaged copy is noticed and downloaded again", "[storage][cache]") {
  reopen({1000, GENERATE(0ms, an_hour)});
  origin->objects["key"] = {"\"1\"", "first"};
  CHECK(fetch("key") == "first");
  auto is_cut = GENERATE(true, false);
  for (const auto& one : std::filesystem::directory_iterator(at("cache"))) {
    if (is_cut)
      std::filesystem::resize_file(one.path(), 2);
    else
      std::filesystem::remove(one.path());
  }
  CHECK(fetch("key") == "first");
  CHECK(origin->downloads == 2);
}

TEST_CASE_METHOD(cache_fixture, "within its time, what the origin has vouched for is served unasked",
                 "[storage][cache]") {
  reopen({1000, an_hour});
  origin->objects["key"] = {"\"1\"", "first"};
  CHECK(fetch("key") == "first");
  origin->objects.clear();
  CHECK(fetch("key") == "first");
  CHECK(origin->questions == 1);
}

TEST_CASE_METHOD(cache_fixture, "after its time the origin is asked again", "[storage][cache]") {
  reopen({1000, 1ms});
  origin->objects["key"] = {"\"1\"", "first"};
  for (auto until = waiting_device::soon(); origin->questions < 2 && clock::now() < until;)
    CHECK(fetch("key") == "first");
  CHECK(origin->questions == 2);
  CHECK(origin->downloads == 1);
}

TEST_CASE_METHOD(cache_fixture, "after a restart the origin is asked", "[storage][cache]") {
  reopen({1000, an_hour});
  origin->objects["key"] = {"\"1\"", "first"};
  CHECK(fetch("key") == "first");
  reopen({1000, an_hour});
  origin->objects["key"] = {"\"2\"", "second"};
  CHECK(fetch("key") == "second");
}

TEST_CASE_METHOD(cache_fixture, "what is stored in an object's place is served at once", "[storage][cache]") {
  reopen({1000, an_hour});
  origin->objects["key"] = {"\"1\"", "first"};
  CHECK(fetch("key") == "first");
  store("second", "key");
  CHECK(fetch("key") == "second");
}

TEST_CASE_METHOD(cache_fixture, "an answer that was asked for before an upload vouches for nothing",
                 "[storage][cache]") {
  reopen({1000, an_hour});
  origin->objects["key"] = {"\"1\"", "first"};
  std::promise<void> is_stored;
  origin->before_answer = [stored = is_stored.get_future().share()] { stored.wait(); };
  auto asked = begin_fetch("key", "early");
  store("second", "key");
  is_stored.set_value();
  REQUIRE(asked.get());
  CHECK(fetch("key") == "second");
  CHECK(origin->questions == 2);
}

TEST_CASE_METHOD(cache_fixture, "what can't be kept is fetched all the same", "[storage][cache]") {
  origin->objects["large"] = {"\"1\"", std::string(5000, 'l')};
  origin->objects["nameless"] = {"", "no version"};
  CHECK(fetch("large").size() == 5000);
  CHECK(fetch("nameless") == "no version");
  CHECK(files_in(at("cache")) == 0);
}

TEST_CASE_METHOD(cache_fixture, "a folder that others may write to is no cache", "[storage][cache]") {
  std::filesystem::create_directory(at("open"));
  std::filesystem::permissions(at("open"), std::filesystem::perms::all);
  CHECK(cache_folder::open(at("open")).error().code == ec::path_refused);
  std::filesystem::create_directory_symlink(at("cache"), at("link"));
  CHECK(cache_folder::open(at("link")).error().code == ec::path_refused);
}
