#include "real_engine.hpp"

#include <condition_variable>
#include <mutex>

using namespace opr;
using namespace opr::docker;

namespace {

struct events_fixture : real_engine {
  std::mutex mutex;
  std::condition_variable changed;
  bool open = false;
  std::vector<container_event> events;
  std::vector<failure> ends;
  std::shared_ptr<operation> subscription;

  ~events_fixture() {
    if (!subscription)
      return;
    subscription->cancel();
    wait_until([this] { return !ends.empty(); });
  }

  void watch(int64_t since) {
    event_reader reader;
    reader.on_open = [this] { note([this] { open = true; }); };
    reader.on_event = [this](container_event&& event) { note([&] { events.push_back(std::move(event)); }); };
    reader.on_end = [this](failure why) { note([&] { ends.push_back(std::move(why)); }); };
    subscription = docker->watch("opr-test", mark, since, std::move(reader));
    REQUIRE(wait_until([this] { return open; }));
  }

  void note(const std::function<void()>& change) {
    std::lock_guard lock(mutex);
    change();
    changed.notify_all();
  }

  bool wait_until(const std::function<bool()>& holds) {
    std::unique_lock lock(mutex);
    return changed.wait_for(lock, 20s, holds);
  }

  /// Waits for an event of a container.
  container_event await_event(const std::string& action, const std::string& id) {
    container_event found;
    REQUIRE(wait_until([&] {
      for (const auto& event : events)
        if (event.action == action && event.id == id) {
          found = event;
          return true;
        }
      return false;
    }));
    return found;
  }
};

} // namespace

TEST_CASE_METHOD(events_fixture, "the death of a container is told with its exit code", "[docker]") {
  watch(0);
  auto id = running(spec({"sh", "-c", "exit 134"}));
  auto event = await_event("die", id);
  CHECK(event.attributes.at("exitCode") == "134");
  CHECK(event.attributes.at("opr-test") == mark);
  CHECK(event.time_nano > 1'600'000'000'000'000'000);
}

TEST_CASE_METHOD(events_fixture, "a container that runs out of memory is told apart", "[docker]") {
  watch(0);
  auto wanted = spec({"tail", "/dev/zero"});
  wanted.memory_mb = 16;
  auto id = running(wanted);
  await_event("oom", id);
  CHECK(await_event("die", id).attributes.at("exitCode") == "137");
  CHECK(require(inspect(id)).oom_killed);
}

TEST_CASE_METHOD(events_fixture, "a removed container says die and destroy", "[docker]") {
  auto id = running();
  watch(0);
  require(remove(id));
  CHECK(await_event("die", id).attributes.at("exitCode") == "137");
  await_event("destroy", id);
}

TEST_CASE_METHOD(events_fixture, "what happened since a time is caught up with, and nothing from before",
                 "[docker]") {
  auto id = running(spec({"true"}));
  watch(1);
  auto died = await_event("die", id);
  await_event("start", id);

  events_fixture later;
  later.mark = mark;
  later.watch(died.time_nano);
  later.await_event("die", id);
  std::lock_guard lock(later.mutex);
  for (const auto& event : later.events)
    CHECK(event.time_nano >= died.time_nano);
}

TEST_CASE_METHOD(events_fixture, "nothing is lost between the subscription and its opening", "[docker]") {
  for (int round = 0; round < 5; ++round) {
    events_fixture one;
    one.watch(0);
    auto id = one.running(one.spec({"true"}));
    one.await_event("create", id);
    one.await_event("start", id);
    one.await_event("die", id);
  }
}

TEST_CASE_METHOD(events_fixture, "a subscription that is cancelled ends once", "[docker]") {
  watch(0);
  subscription->cancel();
  REQUIRE(wait_until([this] { return !ends.empty(); }));
  subscription->cancel();
  std::lock_guard lock(mutex);
  REQUIRE(ends.size() == 1);
  CHECK(ends[0].code == ec::cancelled);
}
