#include "actors/executor/cpu_files.hpp"
#include "tests/support/temp_dir.hpp"

#include <catch2/catch.hpp>

using namespace opr;
using namespace std::chrono_literals;

namespace {

const std::string id(64, 'a');
const std::string other(64, 'b');

/// A machine's files, as far as a test writes them.
struct kernel_fixture {
  test::temp_dir root;
  kernel_files files{root.path() / "proc", root.path() / "cgroup"};

  void write(const std::string& name, const std::string& text) const {
    std::filesystem::create_directories((root.path() / name).parent_path());
    root.write(name, text);
  }
};

} // namespace

TEST_CASE("the machine's processor time is busy but for idling and waiting for disks", "[usage]") {
  auto cpu = parse_host_cpu("cpu  100 20 30 4000 500 6 7 8 50 60\ncpu0 1 2 3 4\n");
  REQUIRE(cpu);
  CHECK(cpu->total == 100 + 20 + 30 + 4000 + 500 + 6 + 7 + 8);
  CHECK(cpu->busy == 100 + 20 + 30 + 6 + 7 + 8);
}

TEST_CASE("a /proc/stat of an old kernel has fewer columns", "[usage]") {
  auto cpu = parse_host_cpu("cpu  100 20 30 4000");
  REQUIRE(cpu);
  CHECK(cpu->total == 4150);
}

TEST_CASE("a /proc/stat that is none gives no figure", "[usage]") {
  auto text = GENERATE("", "\n", "cpu0 1 2 3 4\n", "cpu 1 2 x 4\n", "cpu -1 2 3 4\n",
                       "cpu 99999999999999999999 1 1 1");
  CHECK_FALSE(parse_host_cpu(text));
}

TEST_CASE("a container's processor time is read in both forms", "[usage]") {
  CHECK(parse_cpu_stat("usage_usec 1500\nuser_usec 1000\nsystem_usec 500\n") == 1500us);
  CHECK(parse_cpu_stat("user_usec 1000\nusage_usec 1500") == 1500us);
  CHECK(parse_cpuacct("123456789\n") == 123456789ns);
  for (const char* text :
       {"", "\n", "usage_usec\n", "usage_usec x\n", "usage_usec -5\n", "usage_usec 1 2\n", "x"}) {
    CHECK_FALSE(parse_cpu_stat(text));
    CHECK_FALSE(parse_cpuacct(text));
  }
}

TEST_CASE_METHOD(kernel_fixture, "a container's processor time is found wherever its cgroup is", "[usage]") {
  auto [proc_cgroup, place, text] = GENERATE(table<std::string, std::string, std::string>({
      // By its first process.
      {"0::/custom.slice/docker-" + id + ".scope\n", "/custom.slice/docker-" + id + ".scope/cpu.stat",
       "usage_usec 7\n"},
      {"3:memory:/x/" + id + "\n2:cpu,cpuacct:/x/" + id + "\n0::/x/" + id + "\n",
       "/cpu,cpuacct/x/" + id + "/cpuacct.usage", "7000\n"},
      {"2:cpuacct,cpu:/x/" + id + "\n", "/cpuacct/x/" + id + "/cpuacct.usage", "7000\n"},
      // By its id alone, when the process can't be seen.
      {"", "/docker/" + id + "/cpu.stat", "usage_usec 7\n"},
      {"", "/system.slice/docker-" + id + ".scope/cpu.stat", "usage_usec 7\n"},
      {"", "/cpuacct/docker/" + id + "/cpuacct.usage", "7000\n"},
      {"", "/cpu,cpuacct/docker/" + id + "/cpuacct.usage", "7000\n"},
      {"", "/cpuacct/system.slice/docker-" + id + ".scope/cpuacct.usage", "7000\n"},
      // By its id, when the pid is another process's by now.
      {"0::/docker/" + other + "\n", "/docker/" + id + "/cpu.stat", "usage_usec 7\n"},
  }));
  if (!proc_cgroup.empty())
    write("proc/42/cgroup", proc_cgroup);
  write("cgroup/docker/" + other + "/cpu.stat", "usage_usec 99\n");
  write("cgroup" + place, text);
  CHECK(read_container_cpu(files, id, 42) == 7us);
}

TEST_CASE_METHOD(kernel_fixture, "a container whose cgroup can't be seen has no figure", "[usage]") {
  write("proc/42/cgroup", "0::/docker/" + other + "\n");
  write("cgroup/docker/" + other + "/cpu.stat", "usage_usec 99\n");
  write("cgroup/cpu.stat", "usage_usec 99\n");
  CHECK_FALSE(read_container_cpu(files, id, GENERATE(0, 42, 43)));
  CHECK_FALSE(read_host_cpu(files));
}

TEST_CASE("the real machine has a figure", "[usage]") {
  auto cpu = read_host_cpu({});
  REQUIRE(cpu);
  CHECK(cpu->total > 0);
  CHECK(cpu->busy <= cpu->total);
}
