#include "actors/executor/own_container.hpp"

#include <catch2/catch.hpp>

using namespace opr;

namespace {

const std::string id = "a4fcba09fa076beae16d5b90d83db2bde2621f8e3de7e8a12dc592f73f538ad9";
const std::string other(64, 'b');

std::string mount(const std::string& root, const std::string& point) {
  return "140 123 254:0 " + root + " " + point + " rw,relatime - ext4 /dev/vda rw,discard\n";
}

const std::string plain_mounts = "22 27 0:21 / /proc rw,relatime - proc proc rw\n" + mount("/", "/");

} // namespace

TEST_CASE("a container knows itself by the files that Docker mounts into it", "[own_container]") {
  auto root = GENERATE(as<std::string>(), "/var/lib/docker/containers/", "/docker/containers/",
                       "/containers/", "/srv/with\\040space/containers/");
  auto file = GENERATE(as<std::string>(), "hostname", "resolv.conf", "hosts");
  CHECK(own_container_id(plain_mounts + mount(root + id + "/" + file, "/etc/" + file), "0::/\n") == id);
}

TEST_CASE("a container without these mounts knows itself by its cgroup", "[own_container]") {
  auto line = GENERATE(as<std::string>(), "9:name=systemd:/docker/", "2:cpu,cpuacct:/docker/",
                       "0::/system.slice/docker-", "4:memory:/user.slice/user@1000.service/docker-");
  auto end = line.back() == '-' ? ".scope\n" : "\n";
  CHECK(own_container_id(plain_mounts, "10:misc:/\n" + line + id + end) == id);
}

TEST_CASE("a container that looks at the mounts of others takes none of them for itself", "[own_container]") {
  // The Engine's folder is mounted into it, and so are the files of another container, elsewhere.
  auto mounts = mount("/var/lib/docker/containers/" + other + "/mounts/shm",
                      "/var/lib/docker/containers/" + other + "/mounts/shm") +
                mount("/var/lib/docker/containers/" + other + "/hostname", "/mnt/hostname") +
                mount("/var/lib/docker/containers/" + other + "/hosts", "/etc/hostname");
  CHECK(own_container_id(mounts, "0::/\n").empty());
  CHECK(own_container_id(mounts + mount("/var/lib/docker/containers/" + id + "/hosts", "/etc/hosts"), "") ==
        id);
}

TEST_CASE("a process on a host, or in something that isn't Docker's, has no container", "[own_container]") {
  auto mounts = GENERATE_COPY(
      as<std::string>(), "", plain_mounts, mount("/etc/hostname", "/etc/hostname"),
      mount("/containers/storage/overlay-containers/" + id + "/userdata/hostname", "/etc/hostname"),
      mount("/containers/" + id.substr(1) + "/hostname", "/etc/hostname"),
      mount("/containers/" + std::string(64, 'G') + "/hostname", "/etc/hostname"),
      mount("/x" + id + "/hostname", "/etc/hostname"), "no mounts at all\n\n \n");
  auto cgroup =
      GENERATE_COPY(as<std::string>(), "", "0::/\n", "0::/user.slice/user-1000.slice/session-1.scope\n",
                    "0::/machine.slice/libpod-" + id + ".scope\n", "0::/system.slice/docker.service\n",
                    "1:cpu:/docker/" + id.substr(1) + "\n", "1:cpu:/not-docker/" + id + "\n",
                    "1:cpu:/docker/" + id + "/nested\n", "4:memory:/" + id + "\n", "::::\n:\n");
  CHECK(own_container_id(mounts, cgroup).empty());
}
