#include "tests/unit/config/loading.hpp"

using namespace opr;
using namespace opr::config;
using Catch::Matchers::Contains;

TEST_CASE_METHOD(loading, "printed settings load again and say the same", "[print]") {
  auto first =
      accepted("env: development\naddress: ::1\nhostname: node-1\nnetwork: a,b\nruntime_versions: [v2]\n"
               "data_dir: '/srv/a \"b\\ c'\ndocker_host: tcp://[::1]:2375\nconnection_storage: ''\n"
               "drain_timeout: 7\nretry_delay_ms: 11\nmax_connections: 12\nlog_level: error\ncpus: 0.25\n");
  auto printed = print_executor(first.settings);
  auto second = accepted(printed);
  CHECK(print_executor(second.settings) == printed);
  CHECK(second.settings.cpus == 0.25);
  CHECK(second.settings.data_dir == "/srv/a \"b\\ c");
  CHECK(second.settings.networks == std::vector<std::string>{"a", "b"});
  CHECK(second.settings.drain_timeout == std::chrono::seconds(7));
}

TEST_CASE_METHOD(loading, "a printed secret is masked", "[print]") {
  variables = {{"OPR_EXECUTOR_SECRET", "swordfish"}};
  auto printed = print_executor(accepted().settings);
  CHECK_THAT(printed, Contains("secret: \"********\"\n"));
  CHECK_THAT(printed, !Contains("swordfish"));
}

TEST_CASE_METHOD(loading, "the password of Docker Hub is masked as well", "[print]") {
  variables.emplace_back("OPR_EXECUTOR_DOCKER_HUB_PASSWORD", "swordfish");
  auto settings = accepted().settings;
  CHECK(settings.docker_hub_password == "swordfish");
  CHECK_THAT(print_executor(settings), !Contains("swordfish"));
}

TEST_CASE_METHOD(loading, "logins of registries are masked, in complaints as well", "[print]") {
  variables.emplace_back("OPR_EXECUTOR_REGISTRIES", "ghcr.io=us:swordfish,localhost:5000=me:other");
  auto settings = accepted().settings;
  CHECK(settings.registries.size() == 2);
  CHECK_THAT(print_executor(settings), Contains("registries: \"********\"\n") && !Contains("swordfish"));
  CHECK(accepted("registries: \"********\"\n").settings.registries.size() == 2);
  variables.back().second = "swordfish";
  CHECK_THAT(refused(), Contains("OPR_EXECUTOR_REGISTRIES must be logins") && !Contains("swordfish"));
}

TEST_CASE_METHOD(loading, "a missing secret is seen in print", "[print]") {
  variables.clear();
  CHECK_THAT(print_executor(accepted().settings), Contains("secret: \"\"\n"));
}
