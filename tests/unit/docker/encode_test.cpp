#include "docker/wire/encode.hpp"
#include "docker/wire/json.hpp"

#include <catch2/catch.hpp>

#include <limits>

using namespace opr;
using namespace opr::docker;

namespace {

container_spec small_spec() {
  container_spec spec;
  spec.name = "host-fn";
  spec.image = "some/image:v5-1.0";
  spec.network = "runtimes";
  return spec;
}

rapidjson::Document encoded(const container_spec& spec) {
  auto text = encode_container(spec);
  REQUIRE(text);
  rapidjson::Document document;
  REQUIRE(json::parse(document, *text));
  return document;
}

} // namespace

TEST_CASE("a container gets everything that its spec says", "[docker]") {
  auto spec = small_spec();
  spec.hostname = "0123abcd";
  spec.command = {"bash", "-c", "echo \"$HOME\" && `x` \\ '"};
  spec.env = {{"A", "1"}, {"EMPTY", ""}, {"EQUALS", "a=b"}, {"UMLAUT", "\xc3\xa4\n"}};
  spec.labels = {{"openruntimes-executor", "host"}};
  spec.working_dir = "/usr/code";
  spec.mounts = {{"/tmp/a b/src", "/tmp"}, {"/tmp/x/builds", "/mnt/code"}};
  spec.cpus = 0.3;
  spec.memory_mb = 512;
  spec.restart_policy = "on-failure";
  auto body = encoded(spec);
  CHECK(std::string(body["Image"].GetString()) == "some/image:v5-1.0");
  CHECK(std::string(body["Hostname"].GetString()) == "0123abcd");
  CHECK(std::string(body["WorkingDir"].GetString()) == "/usr/code");
  CHECK(std::string(body["Cmd"][2].GetString()) == spec.command[2]);
  CHECK(std::string(body["Env"][2].GetString()) == "EQUALS=a=b");
  CHECK(std::string(body["Env"][3].GetString()) == "UMLAUT=\xc3\xa4\n");
  CHECK(std::string(body["Labels"]["openruntimes-executor"].GetString()) == "host");
  const auto& host = body["HostConfig"];
  CHECK(std::string(host["Binds"][0].GetString()) == "/tmp/a b/src:/tmp");
  CHECK(host["Binds"].Size() == 2);
  CHECK(host["NanoCpus"].GetInt64() == 300'000'000);
  CHECK(std::string(host["RestartPolicy"]["Name"].GetString()) == "on-failure");
}

TEST_CASE("a container keeps no capability but those that are named, and gains none", "[docker]") {
  auto spec = small_spec();
  spec.isolation.capabilities = {"CHOWN", "SETUID"};
  auto body = encoded(spec);
  const auto& host = body["HostConfig"];
  CHECK(std::string(host["CapDrop"][0].GetString()) == "ALL");
  REQUIRE(host["CapAdd"].Size() == 2);
  CHECK(std::string(host["CapAdd"][1].GetString()) == "SETUID");
  CHECK(std::string(host["SecurityOpt"][0].GetString()) == "no-new-privileges");
  CHECK_FALSE(host["ReadonlyRootfs"].GetBool());
  for (const auto* unset : {"PidsLimit", "Ulimits", "LogConfig", "Tmpfs", "Runtime", "Dns", "ExtraHosts"})
    CHECK_FALSE(host.HasMember(unset));
  CHECK_FALSE(body.HasMember("User"));
}

TEST_CASE("a container is bounded in processes, descriptors and output", "[docker]") {
  auto spec = small_spec();
  spec.isolation.pids = 100;
  spec.isolation.open_files = 1000;
  spec.isolation.log_mb = 2;
  auto body = encoded(spec);
  const auto& host = body["HostConfig"];
  CHECK(host["PidsLimit"].GetInt64() == 100);
  CHECK(std::string(host["Ulimits"][0]["Name"].GetString()) == "nofile");
  CHECK(host["Ulimits"][0]["Hard"].GetInt64() == 1000);
  CHECK(std::string(host["LogConfig"]["Config"]["max-size"].GetString()) == "2m");
}

TEST_CASE("a container gets the surroundings that the operator wants", "[docker]") {
  auto spec = small_spec();
  spec.isolation.read_only = true;
  spec.isolation.writable = {"/run"};
  spec.isolation.user = "1000:1000";
  spec.isolation.seccomp = R"({"defaultAction":"SCMP_ACT_ALLOW"})";
  spec.isolation.runtime = "runsc";
  spec.isolation.dns = {"192.0.2.1"};
  spec.isolation.extra_hosts = {"db:192.0.2.2"};
  auto body = encoded(spec);
  const auto& host = body["HostConfig"];
  CHECK(host["ReadonlyRootfs"].GetBool());
  CHECK(host["Tmpfs"].HasMember("/run"));
  CHECK(std::string(body["User"].GetString()) == "1000:1000");
  CHECK(std::string(host["SecurityOpt"][1].GetString()) == R"(seccomp={"defaultAction":"SCMP_ACT_ALLOW"})");
  CHECK(std::string(host["Runtime"].GetString()) == "runsc");
  CHECK(std::string(host["Dns"][0].GetString()) == "192.0.2.1");
  CHECK(std::string(host["ExtraHosts"][0].GetString()) == "db:192.0.2.2");
}

TEST_CASE("a network keeps its containers apart where that is wanted", "[docker]") {
  rapidjson::Document body;
  REQUIRE(json::parse(body, *encode_network("runtimes", true)));
  CHECK(std::string(body["Options"]["com.docker.network.bridge.enable_icc"].GetString()) == "false");
  REQUIRE(json::parse(body, *encode_network("runtimes", false)));
  CHECK_FALSE(body.HasMember("Options"));
}

TEST_CASE("a memory limit leaves no swap on top", "[docker]") {
  auto spec = small_spec();
  spec.memory_mb = 64;
  auto body = encoded(spec);
  CHECK(body["HostConfig"]["Memory"].GetInt64() == 64 << 20);
  CHECK(body["HostConfig"]["MemorySwap"].GetInt64() == 64 << 20);
}

TEST_CASE("swap is granted where more is allowed than the memory", "[docker]") {
  auto [memory, both, sent] = GENERATE(table<uint64_t, uint64_t, int64_t>({
      {64, 96, 96 << 20},
      {64, 32, 64 << 20},
      {0, 96, 0}, // The Engine refuses a limit of both without one of the memory.
  }));
  auto spec = small_spec();
  spec.memory_mb = memory;
  spec.memory_swap_mb = both;
  CHECK(encoded(spec)["HostConfig"]["MemorySwap"].GetInt64() == sent);
}

TEST_CASE("a container joins its network and no other", "[docker]") {
  auto body = encoded(small_spec());
  CHECK(std::string(body["HostConfig"]["NetworkMode"].GetString()) == "runtimes");
  CHECK_FALSE(body.HasMember("NetworkingConfig"));
}

TEST_CASE("what is not given is left to the image", "[docker]") {
  auto body = encoded(small_spec());
  CHECK_FALSE(body.HasMember("Cmd"));
  CHECK_FALSE(body.HasMember("WorkingDir"));
}

TEST_CASE("a spec that the Engine would misread is refused, and the field is named", "[docker]") {
  using change = void (*)(container_spec&);
  auto [field, spoil] = GENERATE(table<const char*, change>({
      {"name", [](container_spec& s) { s.name = "a/../b"; }},
      {"name", [](container_spec& s) { s.name = "a&x=y"; }},
      {"network", [](container_spec& s) { s.network = ""; }},
      {"network", [](container_spec& s) { s.network = "container:other"; }},
      {"image", [](container_spec& s) { s.image = ""; }},
      {"command", [](container_spec& s) { s.command = {std::string("a\0b", 3)}; }},
      {"variables",
       [](container_spec& s) {
         s.env = {{"", "x"}};
       }},
      {"variables",
       [](container_spec& s) {
         s.env = {{"A=B", "x"}};
       }},
      {"variables",
       [](container_spec& s) {
         s.env = {{"A", std::string("x\0", 2)}};
       }},
      {"mounts",
       [](container_spec& s) {
         s.mounts = {{"/a:/etc", "/b"}};
       }},
      {"mounts", [](container_spec& s) { s.mounts = {{"volume", "/b"}}; }},
      {"mounts", [](container_spec& s) { s.mounts = {{"/a", "/b:ro"}}; }},
      {"cpus", [](container_spec& s) { s.cpus = -1; }},
      {"cpus", [](container_spec& s) { s.cpus = std::numeric_limits<double>::quiet_NaN(); }},
      {"cpus", [](container_spec& s) { s.cpus = std::numeric_limits<double>::infinity(); }},
      {"memory", [](container_spec& s) { s.memory_mb = std::numeric_limits<uint64_t>::max(); }},
      {"restart policy", [](container_spec& s) { s.restart_policy = "sometimes"; }},
      {"UTF-8", [](container_spec& s) { s.env = {{"A", "\xff"}}; }},
      {"UTF-8", [](container_spec& s) { s.labels = {{"\xff", "x"}}; }},
      {"UTF-8", [](container_spec& s) { s.image = "\xc0\x80"; }},
  }));
  auto spec = small_spec();
  spoil(spec);
  auto text = encode_container(spec);
  REQUIRE_FALSE(text);
  CHECK(text.error().code == ec::general_argument_invalid);
  CHECK_THAT(text.error().detail, Catch::Contains(field));
}

TEST_CASE("a command keeps its arguments apart, byte for byte", "[docker]") {
  auto text = encode_exec({"sh", "-c", "a \"b\" $c\n"});
  REQUIRE(text);
  CHECK(*text == R"({"AttachStdout":true,"AttachStderr":true,"Cmd":["sh","-c","a \"b\" $c\n"]})");
}

TEST_CASE("a command that can't be run is refused", "[docker]") {
  CHECK_FALSE(encode_exec({}));
  CHECK_FALSE(encode_exec({std::string("a\0b", 3)}));
  CHECK_FALSE(encode_exec({"\xff"}));
}

TEST_CASE("a network is a bridge that the Engine checks for duplicates", "[docker]") {
  auto text = encode_network("runtimes", false);
  REQUIRE(text);
  CHECK(*text == R"({"Name":"runtimes","Driver":"bridge","CheckDuplicate":true})");
  CHECK_FALSE(encode_network("a b", false));
}
