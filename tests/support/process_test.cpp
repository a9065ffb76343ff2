#include "tests/support/process.hpp"
#include "tests/support/scoped_variable.hpp"
#include "tests/support/temp_dir.hpp"

#include <catch2/catch.hpp>

#include <csignal>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <poll.h>
#include <sys/syscall.h>

using namespace opr::test;
using Catch::Matchers::Contains;
using namespace std::chrono_literals;

namespace {

struct shell {
  temp_dir folder;
  std::string log = (folder.path() / "stderr.log").string();

  program script(const std::string& text) const { return {"/bin/sh", {"-c", text}, {}, folder.path()}; }
};

std::string read(const std::string& file) {
  std::ifstream in(file);
  return {std::istreambuf_iterator<char>(in), {}};
}

} // namespace

TEST_CASE_METHOD(shell, "a line is found whether it came before the call or after", "[process]") {
  process child(script("printf 'one\\ntw' >&2; read never; echo three >&2"), log);
  CHECK(child.wait_for_line("one", 5s) == "one");
  CHECK(child.wait_for_line("three", 5s) == "twthree");
  CHECK(child.wait_for_line("on", 5s) == "one");
  CHECK(child.wait_for_exit(5s).code == 0);
  CHECK(read(log) == "one\ntwthree\n");
}

TEST_CASE_METHOD(shell, "waiting for a line ends with the program, and says what it wrote", "[process]") {
  process child(script("echo no port for me >&2; exit 3"), log);
  CHECK_THROWS_WITH(child.wait_for_line("listening", 5s),
                    Contains("before the end of stderr") && Contains("no port for me"));
  CHECK(child.wait_for_exit(5s).code == 3);
}

TEST_CASE_METHOD(shell, "waiting for a line ends with the deadline", "[process]") {
  process child(script("echo started >&2; sleep 100"), log);
  child.wait_for_line("started", 5s);
  CHECK_THROWS_WITH(child.wait_for_line("listening", 20ms), Contains("in time") && Contains("started"));
  CHECK_THROWS_WITH(child.wait_for_exit(20ms), Contains("has not ended in time"));
}

TEST_CASE_METHOD(shell, "a signal's end is told from an exit", "[process]") {
  process child(script("trap 'exit 7' TERM; echo ready >&2; while :; do sleep 1 & wait; done"), log);
  child.wait_for_line("ready", 5s);
  child.send(SIGTERM);
  CHECK(child.wait_for_exit(5s).code == 7);
  process other(script("echo ready >&2; read forever < /dev/zero"), log);
  other.wait_for_line("ready", 5s);
  other.send(SIGKILL);
  auto how = other.wait_for_exit(5s);
  CHECK(how.signal == SIGKILL);
  CHECK(other.wait_for_exit(0s).signal == SIGKILL);
}

TEST_CASE_METHOD(shell, "the destructor leaves no child of the program behind", "[process]") {
  opr::test::descriptor grandchild;
  {
    process child(script("sleep 100 & echo pid $! >&2; wait"), log);
    auto pid = std::stoi(child.wait_for_line("pid ", 5s).substr(4));
    grandchild = {static_cast<int>(syscall(SYS_pidfd_open, pid, 0)), "pidfd_open"};
  }
  pollfd ended{grandchild.get(), POLLIN, 0};
  CHECK(poll(&ended, 1, 5000) == 1);
}

TEST_CASE_METHOD(shell, "children of a program that has ended by itself are not left behind", "[process]") {
  opr::test::descriptor grandchild;
  {
    process child(script("sleep 100 2> /dev/null & echo pid $! >&2"), log);
    auto pid = std::stoi(child.wait_for_line("pid ", 5s).substr(4));
    child.wait_for_exit(5s);
    grandchild = {static_cast<int>(syscall(SYS_pidfd_open, pid, 0)), "pidfd_open"};
  }
  pollfd ended{grandchild.get(), POLLIN, 0};
  CHECK(poll(&ended, 1, 5000) == 1);
}

TEST_CASE_METHOD(shell, "a program gets its own environment and none of the developer's settings",
                 "[process]") {
  scoped_variable of_developer("OPR_EXECUTOR_PORT", "1");
  scoped_variable replaced("OPR_TEST_REPLACED", "developer");
  auto what = script("echo \"<$OPR_EXECUTOR_PORT> <$OPR_TEST_REPLACED> <$PATH> $(pwd)\"");
  what.environment = {{"OPR_TEST_REPLACED", "test"}, {"PATH", "/usr/bin:/bin"}};
  what.stdout_file = folder.path() / "stdout.log";
  process child(what, log);
  child.wait_for_exit(5s);
  CHECK(read(what.stdout_file) == "<> <test> </usr/bin:/bin> " + folder.path().string() + "\n");
}

TEST_CASE_METHOD(shell, "a program starts with no descriptors but the first three", "[process]") {
  process child(script("ls /proc/self/fd | wc -l >&2"), log); // The fourth is the listing's own.
  CHECK(child.wait_for_line("", 5s) == "4");
}

TEST_CASE_METHOD(shell, "a program that cannot be started is an error at once", "[process]") {
  CHECK_THROWS_WITH(process({folder.path() / "none"}, log), Contains("none") && Contains("No such file"));
  auto what = script("true");
  what.working_folder = folder.path() / "none";
  CHECK_THROWS_WITH(process(what, log), Contains("No such file"));
}
