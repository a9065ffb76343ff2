#include "background_load.hpp"
#include "executor_under_test.hpp"
#include "tests/support/faulty_engine.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <future>

using namespace opr;
using namespace opr::test;
using namespace std::chrono_literals;

namespace {

struct faulty_world {
  faulty_engine engine;
  executor_under_test executor;

  explicit faulty_world(const std::string& settings = {})
      : executor("docker_host: " + engine.address() + "\n" + settings) {}

  object cold(double timeout = 2) const { return executor.cold("hello").with("timeout", timeout); }

  std::ptrdiff_t descriptors() {
    const std::filesystem::directory_iterator all("/proc/" + std::to_string(executor.program().pid()) +
                                                  "/fd");
    return std::distance(begin(all), end(all));
  }
};

bool is_greeting(const api_answer& answer) {
  return answer.status == 200 && answer.string("body").find("Hello") != std::string::npos;
}

/// An error that says its type and reason.
bool is_error(const api_answer& answer) {
  return answer.status >= 400 && answer.string("type").front() != '(' && !answer.string("message").empty();
}

faulty_calls failing(const std::string& method, const std::string& path, engine_fault how, int times = 1) {
  faulty_calls out;
  out.method = method;
  out.path = path;
  out.fault = how;
  out.delay = 3s; // Longer than any caller here waits.
  out.times = times;
  return out;
}

struct engine_call {
  const char* method;
  const char* path;
};

constexpr engine_fault all_faults[] = {engine_fault::delayed,     engine_fault::never_sent,
                                       engine_fault::answer_lost, engine_fault::answer_cut,
                                       engine_fault::answered,    engine_fault::garbled};

} // namespace

TEST_CASE("whatever call of a cold start goes wrong, its caller is told in time and the next start succeeds",
          "[faults]") {
  const auto which = GENERATE(values<engine_call>(
      {{"POST", "/containers/create"}, {"POST", "/start"}, {"GET", "/json"}, {"DELETE", "/containers/"}}));
  INFO(which.method << " " << which.path);
  faulty_world world;
  REQUIRE(is_greeting(world.executor.execute("before", world.cold(30))));
  REQUIRE(world.executor.remove("before").status == 200);
  for (const auto how : all_faults) {
    INFO("fault " << static_cast<int>(how));
    const auto hits = world.engine.hits();
    world.engine.let_go_wrong(failing(which.method, which.path, how));
    const auto begun = std::chrono::steady_clock::now();
    auto answer = world.executor.execute("one", world.cold());
    auto gone = world.executor.remove("one");
    CHECK(std::chrono::steady_clock::now() - begun < 12s);
    INFO(answer.text);
    CHECK((is_greeting(answer) || is_error(answer)));
    CHECK(world.engine.hits() > hits);
    world.engine.heal();
    auto again = world.executor.execute("one", world.cold(30));
    INFO(again.text);
    CHECK(is_greeting(again));
    CHECK(world.executor.remove("one").status == 200);
    CHECK(executor_under_test::soon([&] { return world.executor.nothing_left(); }, 20s));
  }
}

TEST_CASE("whatever call of a build goes wrong, its caller is told and nothing is left of it", "[faults]") {
  const auto which =
      GENERATE(values<engine_call>({{"POST", "/exec"}, {"POST", "/exec/"}, {"GET", "/exec/"}}));
  INFO(which.method << " " << which.path);
  faulty_world world;
  auto build = world.executor.cold("hello").with("command", "true").with("remove", true).with("timeout", 2.0);
  for (const auto how : all_faults) {
    INFO("fault " << static_cast<int>(how));
    world.engine.let_go_wrong(failing(which.method, which.path, how));
    auto answer = world.executor.create(object{build}.with("runtimeId", "one"));
    INFO(answer.text);
    CHECK((answer.status == 201 || is_error(answer)));
    world.engine.heal();
    CHECK(world.executor.create(object{build}.with("runtimeId", "one").with("timeout", 30.0)).status == 201);
    CHECK(executor_under_test::soon([&] { return world.executor.nothing_left(); }, 20s));
  }
}

TEST_CASE("calls that go wrong cost the executor no descriptor", "[faults]") {
  faulty_world world;
  REQUIRE(is_greeting(world.executor.execute("one", world.cold(30))));
  world.executor.remove("one");
  REQUIRE(executor_under_test::soon([&] { return world.executor.nothing_left(); }));
  const auto settled = [&] { return world.descriptors(); };
  auto before = settled();
  CHECK(executor_under_test::soon([&] { return std::exchange(before, settled()) == before; }));
  for (const auto how : all_faults) {
    world.engine.let_go_wrong(failing("POST", "/containers/create", how, 3));
    world.executor.execute("one", world.cold(2));
    world.engine.heal();
    world.executor.remove("one");
  }
  CHECK(executor_under_test::soon([&] { return world.executor.nothing_left(); }, 20s));
  CHECK(executor_under_test::soon([&] { return settled() <= before; }, 20s));
}

TEST_CASE("a death that the Engine doesn't tell of is noticed by the next execution", "[faults]") {
  faulty_world world;
  REQUIRE(is_greeting(world.executor.execute("one", world.cold(30))));
  world.engine.lose_events();
  output_of("docker kill " + world.executor.name() + "-one");
  CHECK(
      executor_under_test::soon([&] { return is_greeting(world.executor.execute("one", world.cold(30))); }));
  CHECK(world.executor.containers().size() == 1);
}

TEST_CASE("events that come late and in the wrong order remove no healthy runtime", "[faults]") {
  faulty_world world;
  REQUIRE(is_greeting(world.executor.execute("one", world.cold(30))));
  world.engine.hold_events();
  output_of("docker kill " + world.executor.name() + "-one");
  REQUIRE(
      executor_under_test::soon([&] { return is_greeting(world.executor.execute("one", world.cold(30))); }));
  REQUIRE(executor_under_test::soon([&] { return world.engine.events_held() > 3; }));
  const auto containers = world.executor.containers();
  world.engine.give_events_reversed();
  REQUIRE(executor_under_test::soon([&] { return world.engine.events_held() == 0; }));
  for (int i = 0; i < 50; ++i)
    CHECK(is_greeting(world.executor.execute("one")));
  CHECK(world.executor.containers() == containers);
}

TEST_CASE("an event stream that breaks again and again fails no execution", "[faults]") {
  faulty_world world;
  REQUIRE(is_greeting(world.executor.execute("one", world.cold(30))));
  const auto containers = world.executor.containers();
  background_load load{2,
                       [&, cold = world.cold(30)](unsigned) { return world.executor.execute("one", cold); },
                       [](unsigned, const api_answer& answer) { return is_greeting(answer); }};
  for (int i = 0; i < 10; ++i) {
    const auto answered = load.answered();
    world.engine.cut_events();
    REQUIRE(executor_under_test::soon([&] { return load.answered() > answered + 50; }));
  }
  load.end();
  CHECK(load.wrong() == "");
  CHECK(world.executor.containers() == containers);
}

TEST_CASE("however slow the Engine is, the callers of one cold runtime share its start", "[faults]") {
  faulty_world world;
  for (const auto* method : {"GET", "POST", "DELETE"}) {
    auto slow = failing(method, "/", engine_fault::delayed, 1000);
    slow.delay = 300ms;
    world.engine.let_go_wrong(slow);
  }
  const auto cold = world.cold(60);
  std::vector<std::future<api_answer>> callers;
  for (int i = 0; i < 20; ++i)
    callers.push_back(std::async(std::launch::async, [&] { return world.executor.execute("one", cold); }));
  for (auto& one : callers) {
    const auto answer = one.get();
    INFO(answer.text);
    CHECK(is_greeting(answer));
  }
  CHECK(world.executor.containers().size() == 1);
}
