#include "prober.hpp"
#include "proxy_under_test.hpp"
#include "tests/integration/net/support/scripted_server.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <memory>
#include <unistd.h>

using namespace opr::test;
using namespace std::chrono_literals;

namespace {

/// Files for a plain HTTP server, one of them for health checks.
void write_files(const temp_dir& into, const std::string& page) {
  std::filesystem::create_directories(into.path() / "v1");
  into.write("v1/health", "OK");
  into.write("index.html", page);
}

/// A plain HTTP server on a host of its own: a network namespace with a cable to this one, which can be
/// pulled.
class other_host {
public:
  other_host() {
    write_files(folder_, "from elsewhere");
    run("ip netns add " + name_);
    run("ip link add " + near_end_ + " type veth peer name eth0 netns " + name_);
    run("ip address add " + network_ + ".1/30 dev " + near_end_);
    run("ip link set " + near_end_ + " up");
    run("ip -n " + name_ + " address add " + network_ + ".2/30 dev eth0");
    run("ip -n " + name_ + " link set eth0 up");
    server_ = std::make_unique<process>(
        program{"/usr/sbin/ip",
                {"netns", "exec", name_, "busybox", "httpd", "-f", "-p", "8080", "-h", folder_.path()}},
        folder_.path() / "log");
  }
  ~other_host() {
    server_.reset();
    output_of("ip netns delete " + name_ + " 2>&1; ip link delete " + near_end_ + " 2>&1");
  }
  other_host(const other_host&) = delete;
  other_host& operator=(const other_host&) = delete;

  std::string where() const { return network_ + ".2:8080"; }
  void pull_cable() { run("ip -n " + name_ + " link set eth0 down"); }
  void plug_in() { run("ip -n " + name_ + " link set eth0 up"); }

private:
  static void run(const std::string& command) {
    auto complaint = output_of(command + " 2>&1");
    INFO(command << ": " << complaint);
    REQUIRE(complaint.empty());
  }

  const std::string number_ = std::to_string(getpid());
  const std::string name_ = "opr-test-" + number_;
  const std::string near_end_ = "opr" + number_;
  const std::string network_ = "10.254." + std::to_string(getpid() % 250);
  temp_dir folder_;
  std::unique_ptr<process> server_;
};

} // namespace

TEST_CASE("a host that is cut off costs what was sent there, and nothing after its health check is late",
          "[proxy]") {
  other_host near;
  scripted_server here{[](peer& client) {
    for (;;) {
      client.request();
      client.send(ok("from here"));
    }
  }};
  proxy_under_test proxy{{here.where().port},
                         "algorithm: round-robin\nhealthcheck_timeout: 400\nmax_timeout: 1\n"
                         "connect_timeout: 300\n",
                         {near.where()}};
  auto soon = [](const std::function<bool()>& holds) { return executor_under_test::soon(holds, 20s); };
  REQUIRE(soon([&] {
    return proxy.status_of(near.where()) == "online" && proxy.status_of(here.where().port) == "online";
  }));
  prober probes{[&proxy] { return proxy.call("GET", "/index.html").status; }};
  REQUIRE(soon([&] { return probes.count(200) > 50; }));
  REQUIRE(probes.failed() == 0);

  near.pull_cable();
  REQUIRE(soon([&] { return proxy.status_of(near.where()) != "online"; }));
  auto lost = probes.failed();
  CHECK(lost == probes.count(504)); // Each was sent before anybody could know.
  CHECK(lost <= 2);
  auto answered = probes.count(200);
  REQUIRE(soon([&] { return probes.count(200) > answered + 100; }));
  CHECK(probes.failed() <= lost + 1); // One may have been on its way.

  lost = probes.failed();
  near.plug_in();
  CHECK(soon([&] { return proxy.status_of(near.where()) == "online"; }));
  answered = probes.count(200);
  REQUIRE(soon([&] { return probes.count(200) > answered + 100; }));
  CHECK(probes.failed() == lost);
  bool is_used = false;
  for (int i = 0; i < 10; ++i)
    is_used |= proxy.call("GET", "/index.html").body == "from elsewhere";
  CHECK(is_used);
}
