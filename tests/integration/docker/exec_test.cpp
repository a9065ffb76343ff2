#include "real_engine.hpp"

#include <atomic>
#include <mutex>

using namespace opr;
using namespace opr::docker;

namespace {

struct exec_fixture : real_engine {
  std::mutex mutex;
  std::string out;
  std::string err;
  std::shared_ptr<operation> under_way;
  std::string container = running();

  ~exec_fixture() {
    if (under_way)
      under_way->cancel();
  }

  std::future<result<int>> begin_shell(const std::string& line, time_point deadline) {
    return begin<int>([&](then<int> told) {
      under_way = docker->exec(
          container, {"sh", "-c", line}, deadline,
          [this](stream which, std::string_view bytes) {
            std::lock_guard lock(mutex);
            (which == stream::std_err ? err : out).append(bytes);
          },
          std::move(told));
    });
  }
  result<int> shell(const std::string& line) { return begin_shell(line, soon()).get(); }
};

} // namespace

TEST_CASE_METHOD(exec_fixture, "a command's streams and exit code come back apart", "[docker]") {
  CHECK(require(shell("echo one; echo two >&2; exit 42")) == 42);
  CHECK(out == "one\n");
  CHECK(err == "two\n");
}

TEST_CASE_METHOD(exec_fixture, "a silent command is a success", "[docker]") {
  CHECK(require(shell("true")) == 0);
  CHECK(out.empty());
  CHECK(err.empty());
}

TEST_CASE_METHOD(exec_fixture, "large output comes whole and in order", "[docker]") {
  CHECK(require(shell("head -c 20000000 /dev/zero")) == 0);
  CHECK(out.size() == 20'000'000);
  CHECK(out.find_first_not_of('\0') == std::string::npos);
}

TEST_CASE_METHOD(exec_fixture, "a program that isn't there says so and exits with 126", "[docker]") {
  auto code = require(await<int>([&](then<int> told) {
    docker->exec(
        container, {"/no/such/program"}, soon(),
        [this](stream, std::string_view bytes) { out.append(bytes); }, std::move(told));
  }));
  CHECK((code == 126 || code == 127));
  CHECK_THAT(out, Catch::Contains("/no/such/program"));
}

TEST_CASE_METHOD(exec_fixture, "a command that closes its output is still waited for", "[docker]") {
  CHECK(require(shell("echo a; exec >&- 2>&-; sleep 1; exit 7")) == 7);
  CHECK(out == "a\n");
}

TEST_CASE_METHOD(exec_fixture, "a child left behind doesn't hold the command up", "[docker]") {
  auto begun = clock::now();
  CHECK(require(shell("sleep 20 & echo started; exit 5")) == 5);
  CHECK(clock::now() - begun < 10s);
  CHECK(out == "started\n");
}

TEST_CASE_METHOD(exec_fixture, "a command killed by a signal says so in its code", "[docker]") {
  CHECK(require(shell("kill -9 $$")) == 137);
}

TEST_CASE_METHOD(exec_fixture, "a command past its deadline is given up in time", "[docker]") {
  auto begun = clock::now();
  auto code = begin_shell("sleep 60", begun + 700ms).get();
  REQUIRE_FALSE(code);
  CHECK(code.error().code == ec::deadline_passed);
  CHECK(clock::now() - begun < 5s);
}

TEST_CASE_METHOD(exec_fixture, "a cancelled command is given up at once", "[docker]") {
  auto code = begin_shell("sleep 20", soon());
  under_way->cancel();
  CHECK(code.get().error().code == ec::cancelled);
}

TEST_CASE_METHOD(exec_fixture, "a command whose container is removed ends", "[docker]") {
  std::promise<void> first_output;
  std::atomic<bool> seen{false};
  auto code = begin<int>([&](then<int> told) {
    under_way = docker->exec(
        container, {"sh", "-c", "echo up; sleep 20"}, soon(),
        [&](stream, std::string_view) {
          if (!seen.exchange(true))
            first_output.set_value();
        },
        std::move(told));
  });
  first_output.get_future().wait();
  auto begun = clock::now();
  require(remove(container));
  auto outcome = code.get();
  CHECK(clock::now() - begun < 10s);
  // The Engine may still know the exit code, or nothing of the command any more.
  if (outcome)
    CHECK(*outcome == 137);
  else
    CHECK(outcome.error().code == ec::container_not_found);
}

TEST_CASE_METHOD(exec_fixture, "a command in a container that doesn't run is refused", "[docker]") {
  container = require(create(spec()));
  auto code = shell("true");
  REQUIRE_FALSE(code);
  CHECK(code.error().code == ec::engine_failed);
  CHECK_THAT(code.error().detail, Catch::Contains("not running"));
}

TEST_CASE_METHOD(exec_fixture, "commands at the same time don't mix their output", "[docker]") {
  constexpr int many = 8;
  std::vector<std::string> texts(many);
  std::vector<std::future<result<int>>> codes;
  for (int i = 0; i < many; ++i)
    codes.push_back(begin<int>([&](then<int> told) {
      auto line = "for n in 1 2 3 4 5; do echo " + std::to_string(i) + "; done; exit " + std::to_string(i);
      docker->exec(
          container, {"sh", "-c", line}, soon(),
          [&text = texts[static_cast<size_t>(i)]](stream, std::string_view bytes) { text.append(bytes); },
          std::move(told));
    }));
  for (size_t i = 0; i < many; ++i) {
    CHECK(require(codes[i].get()) == static_cast<int>(i));
    auto line = std::to_string(i) + "\n";
    CHECK(texts[i] == line + line + line + line + line);
  }
}
