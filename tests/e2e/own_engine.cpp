#include "own_engine.hpp"

#include "core/random_id.hpp"
#include "executor_under_test.hpp"

#include <chrono>
#include <sstream>
#include <stdexcept>

namespace opr::test {

using namespace std::chrono_literals;

namespace {

/// The machine's default bridge. An Engine that starts anew on its own data removes it, whatever its own
/// bridge is called (20.10); then it is put back.
class default_bridge {
public:
  default_bridge() : address_(output_of("ip -4 -br addr show docker0 2>/dev/null | awk '{print $3}'")) {
    while (!address_.empty() && address_.back() == '\n')
      address_.pop_back();
  }
  void put_back() const {
    if (!address_.empty())
      output_of(
          "ip link show docker0 >/dev/null 2>&1 || { ip link add name docker0 type bridge && ip addr add " +
          address_ + " brd + dev docker0 && ip link set docker0 up; } 2>&1");
  }

private:
  std::string address_; ///< Empty: there is none.
};

} // namespace

// Without a bridge of its own it would use the machine's.
own_engine::own_engine(bool live_restore) : bridge_("oprt" + random_hex(8)), live_restore_(live_restore) {
  output_of("docker network create --opt com.docker.network.bridge.name=" + bridge_ + " opr-test-" + bridge_ +
            " 2>&1");
  start();
  auto loaded = output_of("docker save " + node_v5 + " | docker -H " + address() + " load 2>&1");
  if (loaded.find("Loaded image") == std::string::npos)
    throw std::runtime_error("the test's own Engine takes no image: " + loaded);
}

own_engine::~own_engine() {
  for (const auto& id : containers())
    docker("rm -f " + id);
  docker("network prune -f"); // Their bridges would outlive it.
  try {
    stop();
  } catch (const std::exception&) { // The process' destructor ends it the hard way.
  }
  daemon_.reset();
  unmount();
  output_of("docker network rm opr-test-" + bridge_ + " 2>&1");
}

void own_engine::start() {
  auto at = [this](const char* name) { return (dir_.path() / name).string(); };
  // No rules in the machine's firewall: the runtimes are reached from the machine itself, without any.
  program dockerd{"/usr/sbin/dockerd",
                  {"--host", address(), "--data-root", at("data"), "--exec-root", at("exec"), "--pidfile",
                   at("pid"), "--bridge", bridge_, "--iptables=false", "--ip-forward=false",
                   "--ip-masq=false", "--default-address-pool", "base=10.213.0.0/16,size=24",
                   "--shutdown-timeout", "1"}};
  if (live_restore_)
    dockerd.arguments.emplace_back("--live-restore");
  default_bridge before;
  daemon_ = std::make_unique<process>(dockerd, dir_.path() / "log");
  auto is_there = executor_under_test::soon([this] { return answers(); }, 60s);
  before.put_back();
  if (!is_there)
    throw std::runtime_error("the test's own Engine doesn't answer");
}

void own_engine::stop() {
  daemon_->send();
  daemon_->wait_for_exit(60s);
}

std::string own_engine::docker(const std::string& arguments) const {
  return output_of("docker -H " + address() + " " + arguments + " 2>&1");
}

std::vector<std::string> own_engine::containers() const {
  std::istringstream lines{output_of("docker -H " + address() + " ps -aq --no-trunc 2>/dev/null")};
  std::vector<std::string> ids;
  for (std::string id; lines >> id;)
    ids.push_back(id);
  return ids;
}

bool own_engine::answers() const {
  return output_of("curl -s --max-time 1 --unix-socket " + (dir_.path() / "docker.sock").string() +
                   " http://docker/_ping") == "OK";
}

/// What an Engine that was ended the hard way has left mounted would keep the folder from being removed.
void own_engine::unmount() const {
  output_of("awk -v p=" + dir_.path().string() +
            " 'index($2, p) == 1 {print $2}' /proc/mounts | sort -r | xargs -r -n1 umount -l 2>&1");
}

} // namespace opr::test
